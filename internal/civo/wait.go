package civo

import (
	"context"
	"time"
)

// WaitReady waits until Civo has made a credential, and gives it as it then is. IsFailed holds for the error if Civo gave
// up; IsInterrupted or IsTimeout if the context ended first. It returns with the last the client knows in every case.
func (c *Client) WaitReady(ctx context.Context, credential Credential) (Credential, error) {
	for polls := c.newPolls(); ; {
		switch credential.Status {
		case StatusReady:
			return credential, nil
		case StatusFailed:
			return credential, &Error{
				Kind: KindFailed, Credentials: []Credential{credential.withoutSecret()},
				Reason: `Civo could not make the credential: its status is "failed"`,
			}
		}
		seen, err := c.readsOf(credential.Region).one(ctx, credential.ID, polls.next())
		switch {
		case err == nil:
			credential = seen.complete(credential.Region, credential.Keys())
		case ctx.Err() != nil:
			return credential, &Error{
				Kind: KindUnavailable, Err: ctx.Err(), Credentials: []Credential{credential.withoutSecret()},
				Reason: "the credential is not ready yet",
			}
		default:
			return credential, err
		}
	}
}

// polls spaces out looks at something that takes its time: the longer it has taken, the longer a little more of it may
// be waited for, so that the wait is over soon after the thing is, at any scale, without many looks.
type polls struct {
	pace  Pace
	start time.Time
	any   bool
}

func (c *Client) newPolls() *polls { return &polls{pace: c.pace, start: time.Now()} }

// next is when the next look is due.
func (p *polls) next() time.Time {
	now := time.Now()
	if !p.any {
		p.any = true
		return now.Add(p.pace.PollFirst)
	}
	return now.Add(min(max(now.Sub(p.start)/5, p.pace.PollMin), p.pace.PollMax))
}

// wait returns when the next look is due, or with the context's error.
func (p *polls) wait(ctx context.Context) error { return sleep(ctx, time.Until(p.next())) }
