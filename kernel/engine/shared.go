package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// sharedLab is the lab of a device that is larger than one network, as a GPU: all
// slots share one session, and training calls of several subjects that come to
// it at the same time are carried out in one program. What a subject comes to may
// then depend, in the last bits, on the company it was trained in.
type sharedLab struct {
	modelsLab
	patience time.Duration // how long a call waits for company

	mu     sync.Mutex
	users  int // open sessions
	device *device
}

// device is the one session, and those who wait for it.
type device struct {
	session *models.Session
	turn    sync.Mutex // held while the session computes

	mu      sync.Mutex
	waiting map[string][]*waiter // by company
	grouped int                  // programs that trained several subjects; tests look at it
}

type waiter struct {
	job  models.Job
	ctx  context.Context
	out  *models.Subject
	err  error
	done chan struct{}
}

func (l *sharedLab) open(int) (session, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users == 0 {
		s, err := models.OpenSession(-1)
		if err != nil {
			return nil, err
		}
		l.device = &device{session: s, waiting: map[string][]*waiter{}}
	}
	l.users++
	return sharedSession{l, l.device}, nil
}

// sharedSession is a slot's view of the device.
type sharedSession struct {
	lab *sharedLab
	*device
}

func (s sharedSession) Close() error {
	s.lab.mu.Lock()
	defer s.lab.mu.Unlock()
	if s.lab.users--; s.lab.users > 0 {
		return nil
	}
	return s.device.session.Close()
}

func (s sharedSession) apply(ctx context.Context, j job) (subject, error) {
	w := &waiter{job: j.models(), ctx: ctx, done: make(chan struct{})}
	company, ok := models.Company(w.job)
	if !ok {
		s.turn.Lock()
		defer s.turn.Unlock()
		return orNil(s.device.session.Apply(ctx, w.job))
	}
	s.mu.Lock()
	s.waiting[company] = append(s.waiting[company], w)
	leads := len(s.waiting[company]) == 1
	s.mu.Unlock()
	if leads { // the first to come waits for the others, and carries all out
		time.Sleep(s.lab.patience)
		s.turn.Lock()
		s.mu.Lock()
		all := s.waiting[company]
		delete(s.waiting, company)
		s.mu.Unlock()
		s.carryOut(all)
		s.turn.Unlock()
	}
	<-w.done
	return orNil(w.out, w.err)
}

// carryOut does the jobs of those who wait, in one program where they are
// several.
func (d *device) carryOut(all []*waiter) {
	defer func() {
		for _, w := range all {
			close(w.done)
		}
	}()
	if len(all) == 1 {
		all[0].out, all[0].err = d.session.Apply(all[0].ctx, all[0].job)
		return
	}
	// It ends early when nobody wants it any more.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var jobs []models.Job
	var left atomic.Int64
	left.Store(int64(len(all)))
	for _, w := range all {
		jobs = append(jobs, w.job)
		defer context.AfterFunc(w.ctx, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})()
	}
	out, err := d.session.TrainTogether(ctx, jobs)
	d.mu.Lock()
	d.grouped++
	d.mu.Unlock()
	for i, w := range all {
		if w.err = err; err == nil {
			w.out = out[i]
		}
	}
}

func (s sharedSession) measure(ctx context.Context, p protocols.Probe, in subject, seed int) ([]float64, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.device.session.Measure(ctx, p, in.(*models.Subject), seed)
}
