package protocols

import "testing"

func TestEffort(t *testing.T) {
	p := configured(t, 1, map[string]string{"Seeds": "0-4", "Hidden": "10,20", "BaselineEpochs": "3", "FinetuneEpochs": "2", "TrainSamples": "100"})
	epochs, products := Effort(p)
	weights := float64(Dimensions*10 + 10*20 + 20*Classes)
	if epochs%5 != 0 || epochs < 5*5 || products != float64(epochs)*100*weights {
		t.Errorf("%d epochs, %v products", epochs, products)
	}
	for _, chapter := range Chapters() {
		if epochs, _ := Effort(configured(t, chapter, nil)); (epochs == 0) != (chapter == 9) { // whose texts have no epochs
			t.Errorf("chapter %d trains %d epochs", chapter, epochs)
		}
	}
}
