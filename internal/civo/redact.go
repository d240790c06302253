// Redaction of secrets, and escaping of text from outside. Anything in a response can be hostile: a name that another user of the
// account chose, or the text of a proxy that repeats the request with its token.

package civo

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxShown      = 300     // characters of one text that are shown
	maxRead       = 4 << 10 // bytes of one text that are looked at
	minSecretPart = 8       // consecutive characters of a secret that are redacted; a shorter secret is redacted as a whole
)

// redact returns a text in a form that is safe to show: without parts of the secrets (see hide), and printable.
func redact(text string, secrets ...Secret) string {
	return Printable(hide(text[:min(len(text), maxRead)], secrets...))
}

// Printable returns text from a response in a form that is safe to print: on one line, of bounded length, and without
// characters that control a terminal or change the direction of writing.
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

// escapings are the ways in which a text can contain a secret. The form matches one escape at the beginning of a text.
var escapings = []struct {
	form     *regexp.Regexp // nil: nothing is escaped
	unescape func(string) (string, error)
}{
	{form: nil},
	{form: regexp.MustCompile(`^%[[:xdigit:]]{2}`), unescape: url.PathUnescape},
	{form: regexp.MustCompile(`^(?:%[[:xdigit:]]{2}|\+)`), unescape: url.QueryUnescape},
	{
		form: regexp.MustCompile(`^\\(?:u[dD][89abAB][[:xdigit:]]{2}\\u[[:xdigit:]]{4}|u[[:xdigit:]]{4}|U[[:xdigit:]]{8}|x[[:xdigit:]]{2}|.)`),
		unescape: func(escape string) (text string, err error) {
			quoted := `"` + escape + `"`
			if json.Unmarshal([]byte(quoted), &text) == nil {
				return text, nil
			}
			return strconv.Unquote(quoted)
		},
	},
}

// hide replaces each part of a secret in a text with "(sensitive)". It finds the parts in any case, as they are or escaped once: in
// JSON, in a URL or in Go's quoting.
func hide(text string, secrets ...Secret) string {
	hidden := make([]bool, len(text))
	for _, escaping := range escapings {
		characters, starts := unescape(text, escaping.form, escaping.unescape)
		for _, secret := range secrets {
			folded, _ := unescape(secret.Reveal(), nil, nil)
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

// unescape returns the characters of a text, with the same case for all letters, and where in the text each of them starts. The
// last start is the end of the text.
func unescape(text string, form *regexp.Regexp, decode func(string) (string, error)) (characters []rune, starts []int) {
	var data []byte
	var at []int // the position of each byte of data in the text
	for i := 0; i < len(text); {
		original, decoded := text[i:i+1], text[i:i+1]
		if form != nil {
			if escape := form.FindString(text[i:]); escape != "" {
				original, decoded = escape, escape
				if plain, err := decode(escape); err == nil {
					decoded = plain
				}
			}
		}
		for range len(decoded) {
			at = append(at, i)
		}
		data = append(data, decoded...)
		i += len(original)
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		characters, starts = append(characters, unicode.ToLower(unicode.ToUpper(r))), append(starts, at[i])
		i += size
	}
	return characters, append(starts, len(text))
}
