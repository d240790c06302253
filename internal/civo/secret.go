// A string that is never printed, redaction of secrets, and escaping of text from outside, any of which can be hostile.

package civo

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
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

const (
	maxShown      = 300     // characters of one text that are shown
	maxRead       = 4 << 10 // bytes of one text that are looked at
	minSecretPart = 8       // consecutive characters of a secret that are redacted; a shorter secret is redacted as a whole
)

// redact returns a text in a form that is safe to show: without parts of the secrets (see hide), and printable.
func redact(text string, secrets ...Secret) string {
	return Printable(hide(text[:min(len(text), maxRead)], secrets...))
}

// Printable returns text on one line, of bounded length, and without characters that control a terminal or the direction of writing.
func Printable(text string) string {
	var shown strings.Builder
	count := 0
	for _, r := range strings.Join(strings.Fields(text), " ") {
		form := string(r)
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			quoted := strconv.QuoteRuneToASCII(r)
			form = quoted[1 : len(quoted)-1]
		}
		if count += utf8.RuneCountInString(form); count > maxShown {
			shown.WriteString("…")
			break
		}
		shown.WriteString(form)
	}
	return shown.String()
}

// hide replaces each part of a secret in a text with "(sensitive)": in any case, as it is, or escaped once in JSON, a URL or Go's quoting.
func hide(text string, secrets ...Secret) string {
	characters, starts := fold(text)
	hidden := make([]bool, len(text))
	for _, secret := range secrets {
		for _, form := range secretForms(secret.Reveal()) {
			folded, _ := fold(form)
			size := min(minSecretPart, len(folded))
			for i, all := 0, string(folded); size > 0 && i+size <= len(characters); i++ {
				if strings.Contains(all, string(characters[i:i+size])) {
					for at := starts[i]; at < starts[i+size]; at++ {
						hidden[at] = true
					}
				}
			}
		}
	}
	var shown strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			shown.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			shown.WriteString(redacted)
		}
	}
	return shown.String()
}

// secretForms returns the forms of a secret that hide finds. A part of an escaped form is at least as long as what it represents.
func secretForms(secret string) []string {
	encoded, _ := json.Marshal(secret) //nolint:errchkjson // never fails for a string
	all := []string{string(encoded), strconv.Quote(secret), strconv.QuoteToASCII(secret)}
	for i, quoted := range all {
		all[i] = quoted[1 : len(quoted)-1]
	}
	return append(all, secret, url.QueryEscape(secret), url.PathEscape(secret))
}

// fold returns the characters of a text, all in the same case, and where each of them starts. The last start is the end of the text.
func fold(text string) (characters []rune, starts []int) {
	for i, r := range text {
		characters, starts = append(characters, foldRune(r)), append(starts, i)
	}
	return characters, append(starts, len(text))
}

// foldRune returns the same character for all that differ in case only.
func foldRune(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }
