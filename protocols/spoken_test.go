package protocols

import "testing"

func TestSpoken(t *testing.T) {
	for name, want := range map[string]string{
		"standard_fall_to_0_95":         "fall of the standard accuracy to a sparsity of 0.95 (points)",
		"internal_2_5_order_as_printed": "order of the arms as printed, internal noise, SD 2.5 (% of subjects)",
		"relapse_at_level_0_0":          "relapsed, stabiliser at 0 (% of subjects)",
		"combined":                      "",
	} {
		if got := Spoken(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
