// Redaction of secrets, and escaping of text from outside. Anything in a response can be hostile, such as a name, or a proxy's text that
// repeats the request with its token.

package civo

import (
	"encoding/json"
	"net/url"
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

// secretForms returns the forms of a secret that hide finds. A part of an escaped form has at least as many characters as what it represents.
func secretForms(secret string) []string {
	encoded, _ := json.Marshal(secret) // never fails for a string
	all := []string{string(encoded), strconv.Quote(secret), strconv.QuoteToASCII(secret)}
	for i, quoted := range all {
		all[i] = quoted[1 : len(quoted)-1]
	}
	return append(all, secret, url.QueryEscape(secret), url.PathEscape(secret))
}

// fold returns the characters of a text, all in the same case, and where each of them starts. The last start is the end of the text.
func fold(text string) (characters []rune, starts []int) {
	for i, r := range text {
		characters, starts = append(characters, unicode.ToLower(unicode.ToUpper(r))), append(starts, i)
	}
	return characters, append(starts, len(text))
}
