package gpukit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// A check is a computation, with how far two devices may lie apart in it.
type check struct {
	name    string
	measure func(context.Context, Size) ([]Series, error)
	judge   func(got, want []float64) (off, allowed float64)
}

// checks are in the order in which they are carried out: what is short and says
// most about a fault comes first, and what takes longest last.
var checks = []check{
	{"gru", inSession(func(r recorder) error { return r.train(10, 0) }), distance},
	{"mlp", inSession(func(r recorder) error { return r.train(10, 1) }), distance},
	{"llama", inSession(recorder.llama), distance},
	{"together", inSession(recorder.together), distance},
	{"chapter-1", chapter(1, "clean", "standard", "input_1_0", "input_2_0"), paired(2)},
	// Few answers of one subject, in which a word more or less counts.
	{"chapter-9", chapter(9, "overall_kept", "overall_violated", "overall_neither"), paired(20)},
	{"chapter-10", chapter(10, "clean", "standard", "combined", "biased"), paired(2)},
}

// parts leave one cycle of chapter 9, and of chapter 10 the treatments with their
// tests, in both networks.
var parts = map[int]map[string]string{
	9:  {"Controls": "false", "Cycles": "1"},
	10: {"Controls": "false", "KindlingCycles": "0", "MaintenanceDurations": "0", "EqualLevels": "0", "MapSigmas": "0", "MapBiases": "0"},
}

// steps is how many of them devices are compared over: after many more, two orders
// of a sum may be anywhere.
const steps = 10

func (z Size) protocol(chapter int) (protocols.Protocol, error) {
	values := map[string]string{"Profile": z.Profile, "Seeds": z.Seeds}
	maps.Copy(values, parts[chapter])
	if seeds, err := protocols.ParseSeeds(z.Seeds); chapter == 9 && err == nil {
		values["Seeds"] = strconv.Itoa(seeds[0])
	}
	return protocols.Configure(chapter, values)
}

// onCPU reports whether the plugin is the CPU's.
func onCPU() bool {
	p, err := models.Platform()
	return err == nil && p.Backend == "xla:cpu"
}

// A recorder takes subjects through stages in a session and notes what they come
// to.
type recorder struct {
	*models.Session
	ctx  context.Context
	size Size
	list *[]Series
}

// inSession makes a measure of what f notes. On a CPU it has one core, whose sums
// have one order.
func inSession(f func(recorder) error) func(context.Context, Size) ([]Series, error) {
	return func(ctx context.Context, z Size) (list []Series, err error) {
		core := -1
		if onCPU() {
			core = 0
		}
		s, err := models.OpenSession(core)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		err = f(recorder{s, ctx, z, &list})
		return list, err
	}
}

func (r recorder) note(name string, values ...float64) {
	*r.list = append(*r.list, Series{name, values})
}

// sampled is about how many values of a tensor are kept, at equal distances.
const sampled = 500

// weights notes a subject's losses and tensors.
func (r recorder) weights(name string, sub *models.Subject) {
	r.note(name+" loss", sub.Training.Losses...)
	tensors := slices.Clone(sub.Tensors)
	if sub.Base != nil {
		tensors = append(tensors, sub.Base.Tensors...)
	}
	for i, t := range tensors {
		var values []float64
		for k := 0; k < len(t); k += 1 + len(t)/sampled {
			values = append(values, float64(t[k]))
		}
		r.note(fmt.Sprintf("%s tensor %d", name, i+1), values...)
	}
}

// follow takes a subject of a seed through stages.
func (r recorder) follow(sub *models.Subject, seed int, stages ...protocols.Stage) (_ *models.Subject, err error) {
	for _, stage := range stages {
		if sub, err = r.Apply(r.ctx, models.Job{Stage: stage, Parent: sub, Seed: seed}); err != nil {
			return nil, err
		}
	}
	return sub, nil
}

// short is a chapter's training call with a batch an epoch, so that the loss of each
// step is kept.
func short(t protocols.Train) protocols.Train {
	t.Data.Samples, t.Epochs = t.BatchSize, steps
	return t
}

// train trains one of a chapter's networks, whole; and, pruned, under noise and gain.
func (r recorder) train(chapter, network int) error {
	p, err := r.size.protocol(chapter)
	if err != nil {
		return err
	}
	q, seed := p.(*protocols.Ch10), p.Cohort()[0]
	n := p.Plant(seed).Root.Children[network]
	call := short(n.Children[0].Stage.(protocols.Train))
	sub, err := r.follow(nil, seed, n.Stage, call)
	if err != nil {
		return err
	}
	r.weights("whole", sub)
	call.Schedule = &protocols.Schedule{Epochs: steps, Sigma: protocols.Ramp{From: q.SSRIInitialSigma}, Gain: protocols.Ramp{From: 1, To: q.SSRIMaxGain}}
	if sub, err = r.follow(sub, seed, protocols.Prune{Sparsity: q.PruneSparsity}, call); err == nil {
		r.weights("pruned", sub)
	}
	return err
}

// llama makes a small language model, tunes adapters of it, and asks it.
func (r recorder) llama() error {
	p, err := r.size.protocol(9)
	if err != nil {
		return err
	}
	seed := p.Cohort()[0]
	base := p.Plant(seed).Root.Children[0]
	pretrain, adapt := base.Stage.(protocols.Pretrain), base.Children[0]
	tune := adapt.Children[1].Stage.(protocols.Tune)
	pretrain.Steps, tune.Updates = steps, steps
	sub, err := r.follow(nil, seed, pretrain, adapt.Stage, tune)
	if err != nil {
		return err
	}
	r.weights("tuned", sub)
	probe := protocols.Interview{Tier: 8, NewTokens: 8}
	values, err := r.Measure(r.ctx, probe, sub, seed)
	if err != nil {
		return err
	}
	for i, name := range protocols.InterviewMetrics(probe) {
		if name == "overall_secret_log" { // the others are of words that are chosen, which may hang on the last bit
			r.note(name, values[i])
		}
	}
	return nil
}

// together trains the network of chapter 1 for all subjects, on a GPU in one
// program.
func (r recorder) together() error {
	p, err := r.size.protocol(1)
	if err != nil {
		return err
	}
	var jobs []models.Job
	for _, seed := range p.Cohort() {
		n := p.Plant(seed).Root.Children[0]
		sub, err := r.follow(nil, seed, n.Stage)
		if err != nil {
			return err
		}
		jobs = append(jobs, models.Job{Stage: short(n.Children[0].Stage.(protocols.Train)), Parent: sub, Seed: seed})
	}
	train := r.TrainTogether
	if onCPU() {
		train = r.oneByOne
	}
	subjects, err := train(r.ctx, jobs)
	for i, sub := range subjects {
		r.weights(fmt.Sprintf("subject %d", jobs[i].Seed), sub)
	}
	return err
}

// oneByOne is the CPU's way to train several.
func (r recorder) oneByOne(ctx context.Context, jobs []models.Job) (subjects []*models.Subject, err error) {
	for _, j := range jobs {
		sub, err := r.Apply(ctx, j)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, sub)
	}
	return subjects, nil
}

// chapter runs a chapter through the engine and keeps some of its measures, of
// every arm; values are those of the subjects.
func chapter(n int, metrics ...string) func(context.Context, Size) ([]Series, error) {
	return func(ctx context.Context, z Size) ([]Series, error) {
		p, err := z.protocol(n)
		if err != nil {
			return nil, err
		}
		o := engine.Options{}
		if !onCPU() {
			o.Workers = len(p.Cohort()) // so that all of them come to the device at once
		}
		if o.Store, err = os.MkdirTemp("", "fragility-gpu-kit"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(o.Store)
		e, err := engine.New(o)
		if err != nil {
			return nil, err
		}
		defer e.Close()
		result, err := e.Run(ctx, p, nil)
		if err != nil {
			return nil, err
		}
		var list []Series
		at := map[string]int{}
		for _, r := range result.Rows {
			if r.Seed == "all" || !slices.ContainsFunc(metrics, func(m string) bool { return r.Metric == m || strings.HasSuffix(r.Metric, "_"+m) }) {
				continue
			}
			name := strings.Join(strings.Fields(r.Arm+" "+r.Condition+" "+r.Metric), " ")
			if _, known := at[name]; !known {
				at[name] = len(list)
				list = append(list, Series{Name: name})
			}
			s := &list[at[name]]
			s.Values = append(s.Values, r.Value)
		}
		return list, nil
	}
}
