// A string that is never printed.

package civo

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"unique"
)

const redacted = "(sensitive)"

// Secret is a string that must not be shown: a token or a secret access key. However it is printed, logged or
// marshalled, it reads "(sensitive)"; only Reveal gives the value. Secrets are compared with ==. The zero value is the
// empty secret.
type Secret struct {
	// A handle rather than a string: fmt cannot call Format on an unexported field of another struct, and then prints
	// what it finds, which here is an address.
	handle unique.Handle[string]
}

// NewSecret makes a Secret of a string.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{handle: unique.Make(value)}
}

// Reveal gives the value itself.
func (s Secret) Reveal() string {
	if s.IsZero() {
		return ""
	}
	return s.handle.Value()
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s == Secret{} }

// Format prints "(sensitive)" for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String is "(sensitive)".
func (s Secret) String() string { return redacted }

// LogValue is "(sensitive)".
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON gives "(sensitive)". What is sent to Civo reveals its secrets by hand.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// UnmarshalJSON reads the value itself.
func (s *Secret) UnmarshalJSON(data []byte) error {
	var value string
	if err := json.Unmarshal(data, &value); err != nil {
		return err
	}
	*s = NewSecret(value)
	return nil
}
