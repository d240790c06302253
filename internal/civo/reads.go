package civo

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// reads serves the reads of one region with as few requests as it can.
//
// Reads that come together are gathered for a moment. One alone is a GET. For several, a list may be cheaper: how many
// pages it has, its first page tells. While reads cost less one by one than a list would, they are GETs, and what they
// cost is added up over the whole run; once that is as much as a list, the next ones are served by a list, and so are
// those that follow while it is fresh. As in the ski-rental problem, whatever is still to come, this is at most twice as
// many requests as were needed.
//
// Nothing is served that was read before a write of this client's.
type reads struct {
	client *Client
	region string

	mu      sync.Mutex
	next    *batch // gathers what arrives; nil: nothing has
	flight  *batch // is being answered by a list that reads can still join; nil: none is
	list    *listing
	pages   int // of the last list; 0: not known yet
	spent   int // GETs since the last list
	changed int // counts the beginnings and ends of writes
	// What was read by itself while a list was under way; nil: that it was not there.
	sightings map[string]*Credential
}

// want is what a read is after.
type want struct {
	id string // one credential; empty: all of them
	// by is when the answer has to be asked for at the latest; whatever it is, it is asked for after the read began. The
	// zero time says that it may also come from a list that was read a few seconds ago.
	by time.Time
}

// recent is a time to ask by for reads that are content with a list that was read a few seconds ago.
var recent time.Time

// isLook says whether the read has to be asked for anew.
func (w want) isLook() bool { return !w.by.IsZero() }

// finding is what came of a read.
type finding struct {
	list *listing   // it is answered by this list
	get  bool       // it is to be asked for by itself
	seen Credential // if found
	has  bool
	err  error
}

// listing is what a list of the region said.
type listing struct {
	all      []Credential // in Civo's order
	byID     map[string]int
	pages    int
	complete bool // all pages were read
	changed  int
	until    time.Time
}

// waiter is a read that waits for a batch.
type waiter struct {
	want  want
	batch *batch // that it waits for now
	done  chan finding
}

// batch is a number of reads that are answered together.
type batch struct {
	waiters []*waiter
	present int       // waiters that have not given up
	due     time.Time // of the first of them
	timer   *time.Timer
	changed int
	cancel  context.CancelFunc
}

// readsOf gives what serves the reads of a region.
func (c *Client) readsOf(region string) *reads {
	fresh := &reads{client: c, region: CanonicalRegion(region)}
	known, _ := c.reads.LoadOrStore(fresh.region, fresh)
	return known.(*reads) //nolint:forcetypeassert // nothing else is stored
}

// all gives the complete list.
func (r *reads) all(ctx context.Context, by time.Time) (*listing, error) {
	answer := r.ask(ctx, want{by: by})
	return answer.list, answer.err
}

// one gives a credential. IsNotFound holds for the error only if a complete list lacks it.
func (r *reads) one(ctx context.Context, id string, by time.Time) (Credential, error) {
	seen, err := r.look(ctx, id, by)
	if !isBare404(err) {
		return seen, err
	}
	list, err := r.all(ctx, time.Now())
	if err != nil {
		return Credential{}, err
	}
	return pick(list.all, Lookup{ID: id}, r.region)
}

// isGone says whether a credential whose deletion Civo has taken on is gone. There, a 404 that says in Civo's own words
// that there is no such credential is believed, so that one deletion in a big region does not take a long list.
func (r *reads) isGone(ctx context.Context, id string, by time.Time) (bool, error) {
	_, err := r.look(ctx, id, by)
	if isExplicit404(err) {
		return true, nil
	}
	if isBare404(err) {
		_, err = r.one(ctx, id, time.Now())
	}
	if IsNotFound(err) {
		return true, nil
	}
	return false, err
}

// look gives a credential as a list or its own path shows it. The error is a 404, which proves nothing, if only that was
// asked.
func (r *reads) look(ctx context.Context, id string, by time.Time) (Credential, error) {
	answer := r.ask(ctx, want{id, by})
	switch {
	case answer.err != nil:
		return Credential{}, answer.err
	case answer.has:
		return answer.seen, nil
	case answer.list != nil && answer.list.pages <= 1:
		return pick(answer.list.all, Lookup{ID: id}, r.region)
	}
	// What is deleted meanwhile can move a credential from a page that is still to be read to one that has been, so that a
	// list of several pages can lack what is there: both have to say so.
	seen, err := r.get(ctx, id)
	if isBare404(err) && answer.list != nil {
		return pick(answer.list.all, Lookup{ID: id}, r.region)
	}
	return seen, err
}

// get reads a credential by itself. A list that was asked for before and says otherwise is not served any more.
func (r *reads) get(ctx context.Context, id string) (Credential, error) {
	seen, err := r.client.getCredential(ctx, r.region, id)
	var sighting *Credential
	switch {
	case err == nil:
		sighting = &seen
	case !isBare404(err):
		return seen, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.list.contradicts(id, sighting) {
		r.list = nil
	}
	if r.flight != nil {
		r.sightings[id] = sighting
	}
	return seen, err
}

// contradicts says whether a list says something else of a credential than what was seen of it; nil: that it was not there.
func (l *listing) contradicts(id string, seen *Credential) bool {
	if l == nil {
		return false
	}
	at, listed := l.byID[id]
	if seen == nil || !listed {
		return listed || seen != nil && l.complete
	}
	return l.all[at] != *seen
}

// ask gives what is wanted, from a fresh list or with others that ask at the same time.
func (r *reads) ask(ctx context.Context, wanted want) finding {
	if r.client.unbatched {
		return r.askAlone(ctx, wanted)
	}
	r.mu.Lock()
	if !wanted.isLook() && r.list.serves(r.changed) {
		if answer, ok := r.list.answer(wanted); ok {
			r.mu.Unlock()
			return answer
		}
	}
	w := &waiter{want: wanted, done: make(chan finding, 1)}
	r.join(ctx, w)
	r.mu.Unlock()
	select {
	case answer := <-w.done:
		return answer
	case <-ctx.Done():
		r.leave(w)
		return givenUp(ctx.Err())
	}
}

// askAlone gives what is wanted by a request of its own.
func (r *reads) askAlone(ctx context.Context, wanted want) finding {
	if err := sleep(ctx, time.Until(wanted.by)); err != nil {
		return givenUp(err)
	}
	if wanted.id != "" {
		return finding{get: true}
	}
	list, err := r.readList(ctx, func(*listing) int { return 1 })
	return finding{list: list, err: err}
}

func givenUp(err error) finding {
	return finding{err: &Error{Kind: KindUnavailable, Err: err, Reason: "reading was given up"}}
}

// join adds a read to the list that is under way, if that will do, or else to those that are gathered.
func (r *reads) join(ctx context.Context, w *waiter) {
	if b := r.flight; b != nil && !w.want.isLook() && b.changed == r.changed {
		b.add(w)
		return
	}
	due := time.Now().Add(r.client.pace.Gather)
	if w.want.by.After(due) {
		due = w.want.by
	}
	if r.next == nil {
		r.next = r.gather(ctx, due)
	} else if due.Before(r.next.due) {
		r.next.due = due
		r.next.timer.Reset(time.Until(due))
	}
	r.next.add(w)
}

func (b *batch) add(w *waiter) {
	w.batch = b
	b.waiters = append(b.waiters, w)
	b.present++
}

// gather begins a batch. It goes on for as long as anyone waits for it, whoever was first.
func (r *reads) gather(ctx context.Context, due time.Time) *batch {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b := &batch{due: due, cancel: cancel}
	b.timer = time.AfterFunc(time.Until(due), func() { r.serve(ctx, b) })
	return b
}

// leave says that a read was given up. What nobody waits for any more is not asked for.
func (r *reads) leave(w *waiter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := w.batch
	b.present--
	if b.present > 0 {
		return
	}
	b.cancel()
	if r.next == b {
		b.timer.Stop()
		r.next = nil
	}
	if r.flight == b {
		r.flight = nil
	}
}

// serve answers the reads of a batch.
func (r *reads) serve(ctx context.Context, b *batch) {
	defer b.cancel()
	r.mu.Lock()
	if r.next == b {
		r.next = nil
	}
	b.changed = r.changed
	if !r.worthListing(b, r.pages) {
		r.putOff(ctx, b)
		r.spend(b)
		r.mu.Unlock()
		b.answer(func(want) finding { return finding{get: true} })
		return
	}
	r.flight, r.sightings = b, map[string]*Credential{}
	r.mu.Unlock()

	list, err := r.readList(ctx, func(list *listing) int { return r.goesOn(ctx, b, list) })
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.flight == b {
		r.flight = nil
	}
	if err != nil {
		b.answer(func(want) finding { return finding{err: err} })
		return
	}
	r.keep(list, b.changed)
	b.answer(func(wanted want) finding {
		if answer, ok := list.answer(wanted); ok {
			return answer
		}
		return finding{get: true}
	})
}

// worthListing says whether a list of so many pages (0: nobody knows) is no dearer for a batch than GETs are.
func (r *reads) worthListing(b *batch, pages int) bool {
	all, looks, others := b.count()
	switch {
	case all > 0:
		return true
	case pages == 0: // its first page tells, but for a lone read not even that is asked for
		return looks > 1 || others > 0 && r.spent+looks+others > 1
	case looks+others == 1 && (looks == 1 || r.spent == 0):
		return false // at best one request either way, and the GET is the lighter one
	}
	// Looks have to be answered anew each time, so that a list is of no use to later ones.
	return looks >= pages || others > 0 && r.spent+others >= pages
}

// count tells how many of a batch want all, a look, or one credential. A look before its time counts too: what answers it
// now, it need not ask for later.
func (b *batch) count() (all, looks, others int) {
	for _, w := range b.waiters {
		switch {
		case w.want.id == "" && !b.isEarly(w):
			all++
		case w.want.isLook():
			looks++
		default:
			others++
		}
	}
	return all, looks, others
}

// isEarly says whether a read is in a batch before its time. It takes a list that is read for others, which spares it a
// request, but nothing is asked for its sake.
func (b *batch) isEarly(w *waiter) bool { return w.want.by.After(b.due) }

// putOff takes the reads out of a batch whose time has not come.
func (r *reads) putOff(ctx context.Context, b *batch) {
	due := b.waiters[:0:0]
	for _, w := range b.waiters {
		if b.isEarly(w) {
			b.present--
			r.join(context.WithoutCancel(ctx), w)
		} else {
			due = append(due, w)
		}
	}
	b.waiters = due
}

func (r *reads) spend(b *batch) {
	_, _, others := b.count()
	r.spent += others
}

// readList reads the list's first page and, if that says that it is worth it, the others, so many at a time.
func (r *reads) readList(ctx context.Context, worth func(*listing) (atOnce int)) (*listing, error) {
	list := &listing{byID: map[string]int{}}
	first, err := r.client.credentialPage(ctx, r.region, 1)
	if err != nil {
		return nil, err
	}
	list.add(first.items)
	list.pages = max(1, first.of)
	if list.pages > 1 {
		atOnce := worth(list)
		if atOnce == 0 {
			return list, nil
		}
		if err := r.readRest(ctx, list, atOnce); err != nil {
			return nil, err
		}
	}
	list.complete = true
	return list, nil
}

// readRest reads all pages but the first. If there come to be more or fewer of them meanwhile, it follows.
func (r *reads) readRest(ctx context.Context, list *listing, atOnce int) error {
	for next := 2; next <= list.pages; {
		numbers := min(atOnce, list.pages-next+1)
		parts, err := r.readPages(ctx, next, numbers)
		if err != nil {
			return err
		}
		for _, page := range parts {
			list.add(page.items)
			list.pages = page.of
		}
		next += numbers
	}
	return nil
}

// readPages reads so many pages at once.
func (r *reads) readPages(ctx context.Context, first, count int) ([]part[Credential], error) {
	parts, errs := make([]part[Credential], count), make([]error, count)
	var pages sync.WaitGroup
	for i := range count {
		pages.Go(func() { parts[i], errs[i] = r.client.credentialPage(ctx, r.region, first+i) })
	}
	pages.Wait()
	return parts, cmp.Or(errs...)
}

// goesOn says, now that it is known how many pages there are, how many of them to read at once: as many as there are reads
// that wait for them, which would otherwise be as many requests; 0 if the rest of the list is not worth reading.
func (r *reads) goesOn(ctx context.Context, b *batch, list *listing) (atOnce int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pages = list.pages
	rest := &batch{due: b.due}
	for _, w := range b.waiters {
		if _, ok := list.answer(w.want); !ok {
			rest.waiters = append(rest.waiters, w)
		}
	}
	if len(rest.waiters) > 0 && r.worthListing(rest, list.pages-1) {
		return min(len(rest.waiters), mostPagesAtOnce)
	}
	r.flight = nil // what is not on the first page is asked for by itself: nobody can join any more
	r.putOff(ctx, b)
	r.spend(rest)
	return 0
}

// mostPagesAtOnce bounds how many pages of a list are read at the same time.
const mostPagesAtOnce = 10

// keep makes a list serve later reads, unless something was written since it was asked for.
func (r *reads) keep(list *listing, changed int) {
	r.pages = list.pages
	if list.complete {
		r.spent = 0
	}
	for id, seen := range r.sightings {
		if list.contradicts(id, seen) {
			return
		}
	}
	if changed == r.changed {
		list.changed, list.until = changed, time.Now().Add(r.client.pace.Fresh)
		r.list = list
	}
}

// answer tells each read of a batch what came of it.
func (b *batch) answer(find func(want) finding) {
	for _, w := range b.waiters {
		w.done <- find(w.want)
	}
}

func (l *listing) add(items []Credential) {
	for _, credential := range items {
		// What is added or deleted meanwhile can move an item to another page, so that it is read twice.
		if _, twice := l.byID[credential.ID]; !twice {
			l.byID[credential.ID] = len(l.all)
			l.all = append(l.all, credential)
		}
	}
}

func (l *listing) serves(changed int) bool {
	return l != nil && l.changed == changed && time.Now().Before(l.until)
}

// answer finds what is wanted in a list, or finds that the region lacks it. False: the list is not complete enough to tell.
func (l *listing) answer(wanted want) (finding, bool) {
	if at, ok := l.byID[wanted.id]; ok {
		return finding{list: l, seen: l.all[at], has: true}, true
	}
	return finding{list: l}, l.complete
}

// writing says that something is about to be written, and gives what to call when it has been: what was read before either
// is not served after it.
func (r *reads) writing() (written func()) {
	r.end()
	return r.end
}

func (r *reads) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed++
	r.list = nil
}
