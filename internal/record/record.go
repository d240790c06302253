// Package record asks a Civo API the questions whose answers the project does not know, and records the responses. A recording
// contains no secrets, no IDs, and nothing about other objects of the account. Compare compares it with one of the simulator.
//
// The tables are questions (questions.go), which lists what is asked, and unknowns (unknowns.go), which lists what the project assumes,
// and what to change if a recording shows something else. The package is a tool of the repository. The provider does not contain it.
package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// format is the version of the form of recordings.
const format = 1

// Recording is the result of one run.
type Recording struct {
	Format  int       `json:"format"`
	Date    time.Time `json:"date"`
	Region  string    `json:"region"`
	API     string    `json:"api"`               // host of the API
	Stopped string    `json:"stopped,omitempty"` // why the run did not ask all questions
	Answers []Answer  `json:"answers"`
}

// Answer is the answer to one question.
type Answer struct {
	Question  string     `json:"question"` // ID in the table of questions
	Asks      string     `json:"asks"`
	Skipped   string     `json:"skipped,omitempty"` // why the question was not asked, or only in part
	Exchanges []Exchange `json:"exchanges"`

	region string // of the recording
}

// Exchange is a request and the response to it, after redaction.
type Exchange struct {
	Step     string    `json:"step"`           // name within the question
	Poll     int       `json:"poll,omitempty"` // number of the poll, counted from 1, for steps that are repeated
	At       int64     `json:"at_ms"`          // when the request was sent, since the start of the run
	Took     int64     `json:"took_ms"`
	Request  Request   `json:"request"`
	Response *Response `json:"response,omitempty"`
	Failure  string    `json:"failure,omitempty"` // why there is no response
}

// Request is a request after redaction.
type Request struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Query   map[string]string `json:"query,omitempty"`
	Headers map[string]string `json:"headers,omitempty"` // only those that the question is about
	Body    any               `json:"body,omitempty"`
}

// Response is a response after redaction. A body that is not JSON is Text.
type Response struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
	Text    string            `json:"text,omitempty"`
	Bytes   int               `json:"bytes"` // length of the body before redaction
}

// Config configures a run.
type Config struct {
	Token    string
	Region   string
	Endpoint string // URL of the API
	// ObjectStoreEndpoint is the URL of the region's object stores; "" selects the one that the API returns.
	ObjectStoreEndpoint string
	Out                 io.Writer // progress
	Clock               Clock
}

// Clock is the source of time of a run.
type Clock struct {
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// SystemClock returns the clock of the machine.
func SystemClock() Clock { return Clock{time.Now, sleep} }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Run asks all questions and deletes everything that it created. The end of ctx stops the questions, but not the deletion. The deletion
// stops at the end of the context cleaning, or after cleanLimit. The error reports what is left. The recording contains the questions that
// Run asked.
func (s *Session) Run(ctx, cleaning context.Context) (recording Recording, err error) {
	s.beginning = s.config.Clock.Now()
	recording = Recording{
		Format: format, Date: s.beginning.UTC().Truncate(time.Second), Region: s.config.Region, API: s.redact.text(hostOf(s.config.Endpoint)),
	}
	defer func() { err = errors.Join(err, s.clean(cleaning)) }()
	for i, q := range questions {
		if ctx.Err() != nil {
			recording.Stopped = "interrupted"
			return recording, nil
		}
		if s.failures >= maxFailures {
			recording.Stopped = "the API did not respond"
			return recording, nil
		}
		s.print("[%d/%d] %s", i+1, len(questions), q.asks)
		recording.Answers = append(recording.Answers, s.answer(ctx, q))
	}
	return recording, nil
}

// maxFailures is the number of consecutive requests without a response that end a run.
const maxFailures = 3

// answer asks one question, and deletes what only this question needs.
func (s *Session) answer(ctx context.Context, q question) Answer {
	s.current, s.poll = &Answer{Question: q.id, Asks: q.asks, Exchanges: []Exchange{}}, 0
	err := q.ask(ctx, s)
	switch reason, isSkip := errors.AsType[skip](err); {
	case ctx.Err() != nil:
		s.current.Skipped = "interrupted"
	case isSkip:
		s.current.Skipped = string(reason)
	case err != nil:
		s.current.Skipped = "no response"
	}
	if s.current.Skipped != "" {
		s.print("      Not answered: %s", s.current.Skipped)
	}
	if ctx.Err() == nil {
		s.discard(ctx)
	}
	return *s.current
}

// skip is the reason why a question was not asked.
type skip string

func (s skip) Error() string { return string(s) }

func (s *Session) print(text string, arguments ...any) {
	_, _ = fmt.Fprintf(s.config.Out, text+"\n", arguments...)
}

// Write writes the recording to a file, which must not exist.
func (r Recording) Write(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the user sets the path
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return errors.Join(encoder.Encode(r), file.Close())
}

// Read reads a recording from a file.
func Read(path string) (r Recording, err error) {
	data, err := os.ReadFile(path) //nolint:gosec // the user sets the path
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(data, &r); err != nil || r.Format == 0 {
		return r, fmt.Errorf("%s is not a recording", path)
	}
	if r.Format != format {
		return r, fmt.Errorf("%s has the format %d. This version of the command reads only the format %d", path, r.Format, format)
	}
	return r, nil
}
