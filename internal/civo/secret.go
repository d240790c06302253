// A string that is never printed.

package civo

import (
	"encoding/json"
	"fmt"
	"io"
	"unique"
)

const redacted = "(sensitive)"

// Secret is a string that is printed, logged and marshalled as "(sensitive)". Only Reveal returns the value. Secrets are compared with ==.
// The zero value is the empty secret.
type Secret struct {
	handle unique.Handle[string] // not a string: in an unexported field of another struct, fmt ignores Format, and prints an address
}

// NewSecret returns a Secret with the given value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{handle: unique.Make(value)}
}

// Reveal returns the value.
func (s Secret) Reveal() string {
	if s.IsZero() {
		return ""
	}
	return s.handle.Value()
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s == Secret{} }

// Format implements fmt.Formatter.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalJSON implements json.Marshaler. It returns "(sensitive)"; request bodies call Reveal explicitly.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// UnmarshalJSON implements json.Unmarshaler. It decodes the value.
func (s *Secret) UnmarshalJSON(data []byte) error {
	var value string
	if err := json.Unmarshal(data, &value); err != nil {
		return err
	}
	*s = NewSecret(value)
	return nil
}
