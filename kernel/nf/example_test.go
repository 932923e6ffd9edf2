package nf_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/network-fragility/fragility/kernel/nf"
)

// In these examples a stand-in for the engine answers: it computes nothing, and
// where a table or a plot would be it says which was asked for, and with what
// treatments. (The examples are run as tests, see TestEveryNameHasAnExample.)

func Example() {
	run := nf.Chapter(1).With(nf.Set{"Seeds": "0", "PruneSparsity": 0.9})
	run.Run()
	run.Table("table 1").Show()
	// Output:
	// 1 subject, 9 stages: 9 reused, 0 computed, 0 epochs, 0.0 s
	// table table 1 of chapter 1
}

func ExampleExport() {
	nf.Export("pdf")
	// Output: Export makes its files where the notebook is open in JupyterLab; at a terminal there is `fragility notebook export`.
}

func ExampleChapter() {
	nf.Chapter(1).Plot("task").Show()
	// Output: plot task of chapter 1
}

// A run is a value; what was made of it stays as it was.
func ExampleRun() {
	book := nf.Chapter(5)
	stronger := book.With(nf.Set{"KetamineGain": 1.4})
	book.Plot("biased").Show()
	stronger.Plot("biased").Show()
	// Output:
	// plot biased of chapter 5
	// plot biased of chapter 5
}

// Numbers, text, lists and switches are written as Go has them.
func ExampleSet() {
	run := nf.Chapter(5).With(nf.Set{
		"Profile": "smoke", "Seeds": "0-2,42", "Hidden": []int{64, 32}, "KetamineGain": 1.4, "Controls": true,
	})
	run.Plot("gain").Show()
	// Output: plot gain of chapter 5
}

func ExampleRun_With() {
	small := nf.Chapter(1).With(nf.Set{"Profile": "smoke"})
	small.With(nf.Set{"PruneSparsity": 0.9}).Plot("sweep").Show()
	// Output: plot sweep of chapter 1
}

func ExampleRun_Run() {
	nf.Chapter(1).With(nf.Set{"Seeds": "0"}).Run()
	// Output: 1 subject, 9 stages: 9 reused, 0 computed, 0 epochs, 0.0 s
}

func ExampleRun_Table() {
	nf.Chapter(5).Table("claims").Show()
	// Output: table claims of chapter 5
}

func ExampleRun_Plot() {
	nf.Chapter(1).Plot("regions").Show()
	// Output: plot regions of chapter 1
}

func ExampleRun_Compare() {
	nf.Chapter(1).Compare().Show()
	// Output: table comparison of chapter 1
}

func ExampleRun_Paired() {
	nf.Chapter(5).Paired("ketamine", "ssri").Show()
	// Output: paired ketamine against ssri of chapter 5
}

func ExampleRun_Robust() {
	nf.Chapter(5).With(nf.Set{"Seeds": "0-5"}).Robust("5.25").Show()
	// Output: plot robust of chapter 5
}

// The mean of a measure over the subjects, in Go of your own.
func ExampleRun_Rows() {
	sum, n := 0.0, 0
	for _, row := range nf.Chapter(1).Rows() {
		if row.Arm == "full" && row.Metric == "standard" {
			sum += row.Value
			n++
		}
	}
	fmt.Printf("%.3f %% over %d subjects\n", sum/float64(n), n)
	// Output: 99.375 % over 2 subjects
}

func ExampleRow() {
	row := nf.Chapter(1).Rows()[0]
	fmt.Printf("chapter %d, %s, %s, subject %s: %.1f %%\n", row.Chapter, row.Arm, row.Metric, row.Seed, row.Value)
	// Output: chapter 1, full, standard, subject 0: 99.5 %
}

func ExampleRun_Values() {
	fmt.Println(nf.Chapter(1).Values("full", "standard"))
	// Output: [99.5 99.25]
}

func ExampleRun_Arms() {
	both := nf.Treatment("both", nf.Ketamine(), nf.SSRI())
	tuned := nf.Treatment("tuned", nf.Tune())
	nf.Chapter(5).Arms(both, tuned).Plot("own arms").Show()
	// Output:
	// plot own arms of chapter 5
	// both: ketamine then ssri; tuned: tune
}

func ExampleDisplay() {
	plots := []nf.Display{nf.Chapter(5).Plot("gain"), nf.Chapter(7).Plot("own arms")}
	for _, p := range plots {
		p.Show()
	}
	// Output:
	// plot gain of chapter 5
	// plot own arms of chapter 7
}

func ExampleDisplay_Show() {
	nf.Chapter(1).Plot("recovery").Show()
	// Output: plot recovery of chapter 1
}

// try shows what a treatment is as text, which is how it is written on the
// command line: fragility run ch05 --set "Arms=...".
func try(name string, steps ...nf.Step) {
	nf.Chapter(5).Arms(nf.Treatment(name, steps...)).Plot("own arms").Show()
}

func ExampleTreatment() {
	both := nf.Treatment("ketamine, then ssri", nf.Ketamine(), nf.SSRI().Epochs(50))
	nf.Chapter(5).Arms(both).Paired("ketamine, then ssri", "ketamine").Show()
	// Output:
	// paired ketamine, then ssri against ketamine of chapter 5
	// ketamine, then ssri: ketamine then ssri(epochs=50)
}

// A grid is one treatment, and an arm for each combination.
func ExampleArm() {
	doses := nf.Treatment("", nf.Ketamine().Gain(1, 1.25, 1.6).Fraction(0.25, 0.5))
	nf.Chapter(5).Arms(doses).Plot("grid").Show()
	// Output:
	// plot grid of chapter 5
	// ketamine(gain=1|1.25|1.6, fraction=0.25|0.5)
}

// A step is a value too, and may stand in several treatments.
func ExampleStep() {
	long := nf.SSRI().Epochs(200)
	try("twice", long, long.Rate(0.0001))
	// Output:
	// plot own arms of chapter 5
	// twice: ssri(epochs=200) then ssri(epochs=200, rate=0.0001)
}

func ExampleKetamine() {
	try("twice", nf.Ketamine(), nf.Ketamine())
	// Output:
	// plot own arms of chapter 5
	// twice: ketamine then ketamine
}

func ExampleSSRI() {
	try("short", nf.SSRI().Epochs(50))
	// Output:
	// plot own arms of chapter 5
	// short: ssri(epochs=50)
}

func ExampleNeurosteroid() {
	try("mild", nf.Neurosteroid().Inhibition(0.9))
	// Output:
	// plot own arms of chapter 5
	// mild: neurosteroid(inhibition=0.9)
}

func ExampleTune() {
	try("nothing but training", nf.Tune().Epochs(30))
	// Output:
	// plot own arms of chapter 5
	// nothing but training: tune(epochs=30)
}

func ExampleRegrow() {
	try("little by little", nf.Regrow().Fraction(0.1), nf.Tune(), nf.Regrow().Fraction(0.1), nf.Tune())
	// Output:
	// plot own arms of chapter 5
	// little by little: regrow(fraction=0.1) then tune then regrow(fraction=0.1) then tune
}

func ExampleRegrowRandom() {
	try("anywhere", nf.RegrowRandom(), nf.Tune())
	// Output:
	// plot own arms of chapter 5
	// anywhere: regrow_random then tune
}

func ExamplePrune() {
	try("relapse", nf.Ketamine(), nf.Prune().Fraction(0.4))
	// Output:
	// plot own arms of chapter 5
	// relapse: ketamine then prune(fraction=0.4)
}

func ExampleModulate() {
	try("under inhibition", nf.Modulate().Inhibition(0.7), nf.Ketamine())
	// Output:
	// plot own arms of chapter 5
	// under inhibition: modulate(inhibition=0.7) then ketamine
}

func ExampleTanh() {
	try("saturating", nf.Tanh(), nf.Tune())
	// Output:
	// plot own arms of chapter 5
	// saturating: tanh then tune
}

func ExampleReLU() {
	try("and back", nf.Tanh(), nf.Tune(), nf.ReLU())
	// Output:
	// plot own arms of chapter 5
	// and back: tanh then tune then relu
}

func ExampleOff() {
	try("for a while", nf.Neurosteroid(), nf.Off())
	// Output:
	// plot own arms of chapter 5
	// for a while: neurosteroid then off
}

func ExampleStep_Epochs() {
	try("", nf.Tune().Epochs(15, 30, 60))
	// Output:
	// plot own arms of chapter 5
	// tune(epochs=15|30|60)
}

func ExampleStep_Rate() {
	try("", nf.SSRI().Rate(0.00001, 0.0001))
	// Output:
	// plot own arms of chapter 5
	// ssri(rate=0.00001|0.0001)
}

func ExampleStep_Gain() {
	try("", nf.Modulate().Gain(1.25))
	// Output:
	// plot own arms of chapter 5
	// modulate(gain=1.25)
}

func ExampleStep_Fraction() {
	try("", nf.Ketamine().Fraction(0.25, 0.5))
	// Output:
	// plot own arms of chapter 5
	// ketamine(fraction=0.25|0.5)
}

func ExampleStep_Sigma() {
	try("quiet", nf.SSRI().Sigma(0))
	// Output:
	// plot own arms of chapter 5
	// quiet: ssri(sigma=0)
}

func ExampleStep_Inhibition() {
	try("", nf.Neurosteroid().Inhibition(0.6, 0.7, 0.8))
	// Output:
	// plot own arms of chapter 5
	// neurosteroid(inhibition=0.6|0.7|0.8)
}

func ExampleStep_Layer() {
	try("one layer", nf.Neurosteroid().Layer(1, 2, 3))
	// Output:
	// plot own arms of chapter 5
	// one layer: neurosteroid(layer=1|2|3)
}

// In a page the plot follows the dials; here, where there is none, it is shown
// once.
func ExampleDisplay_Turn() {
	nf.Chapter(5).Plot("biased").Turn(
		nf.Slider("ManiaTestBias", 0, 0.5, 1, 2),
		nf.Menu("KetamineGain", 1, 1.25, 1.4),
	)
	// Output: plot biased of chapter 5
}

func ExampleSlider() {
	nf.Chapter(1).Plot("recovery").Turn(nf.Slider("PruneSparsity", 0.5, 0.7, 0.9, 0.95))
	// Output: plot recovery of chapter 1
}

func ExampleMenu() {
	nf.Chapter(2).Table("battery").Turn(nf.Menu("TieRule", "random", "first", "last"))
	// Output: table battery of chapter 2
}

// Dials are values, and serve several displays.
func ExampleDial() {
	stress := nf.Slider("RelapseFraction", 0.2, 0.4, 0.6)
	nf.Chapter(3).Plot("second pruning").Turn(stress)
	nf.Chapter(4).Plot("second pruning").Turn(stress)
	// Output:
	// plot second pruning of chapter 3
	// plot second pruning of chapter 4
}

// The numbers behind a plot, for other programs.
func ExampleDisplay_Save() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "sweep.csv")
	nf.Chapter(1).Plot("sweep").Save(file)
	content, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	fmt.Print(string(content))
	// Output: plot sweep as csv
}
