// Which text from Civo may be shown, and how it is escaped. Anything in a response can be hostile: a name that another user of the
// account chose, or the text of a proxy that repeats the request with its token.

package civo

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxShown  = 300     // characters of one text that are shown
	maxReason = 4 << 10 // bytes of a description that are looked at
)

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

// HiddenReason is the Reason of an Error in place of a description that may contain a secret.
const HiddenReason = "(Civo's description is not shown because it may contain a secret)"

// shownReason returns Civo's description of an error, unless it may contain a secret of the request.
func (c call) shownReason(reason string) string {
	reason = reason[:min(len(reason), maxReason)]
	if c.mayContainSecret(reason) {
		return HiddenReason
	}
	return Printable(reason)
}

// codeForm is what Civo's codes look like: words in lower case, joined by underscores.
var codeForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+){0,12}$`)

// shownCode returns Civo's code if it looks like one and cannot contain a secret of the request.
func (c call) shownCode(code string) string {
	if len(code) > 100 || !codeForm.MatchString(code) || c.mayContainSecret(code) {
		return ""
	}
	return code
}

const (
	// minSecretPart is how many consecutive characters of a secret a text must contain to count as repeating it.
	minSecretPart = 8
	// maxOdd is how many letters and digits of a text may be outside of ordinary words. It leaves room for a few numbers or
	// part of a name. Every encoding of minSecretPart characters is longer: base64 has 11, others have more.
	maxOdd = 10
)

var (
	escape   = regexp.MustCompile(`\\|%u?[0-9a-fA-F]{2}|&#?[0-9A-Za-z]+;`) // of JSON, URLs and HTML
	nameForm = regexp.MustCompile(`[\p{L}\p{Nd}]+([-_.]+[\p{L}\p{Nd}]+)*`)
	anyWord  = regexp.MustCompile(`[\p{L}\p{Nd}]+`)
	wordForm = regexp.MustCompile(`^([\p{Lu}\p{Lo}]?[\p{Ll}\p{Lo}]{1,23}|\p{Lu}{2,8})\d{0,2}$|^[aAI]$`) // also app1 and LON1
	// randomID matches a UUID of the standard form, which ASCII text in hexadecimal never has.
	randomID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
)

// mayContainSecret reports whether a text repeats a secret of the request, or a part of one, or may do so in an encoded form. It
// decodes nothing. Instead, it accepts only ordinary words, values that the request itself contains, and a few other characters.
func (c call) mayContainSecret(text string) bool {
	if escape.MatchString(text) || c.repeatsSecret(text) {
		return true
	}
	known, odd := c.values(), 0
	unknown := nameForm.ReplaceAllStringFunc(text, func(name string) string {
		if randomID.MatchString(name) || slices.Contains(known, name) {
			return ""
		}
		return name
	})
	for _, word := range anyWord.FindAllString(unknown, -1) {
		if !wordForm.MatchString(word) {
			odd += len(word)
		}
	}
	return odd > maxOdd
}

// values returns the values that the request contains, such as names and IDs.
func (c call) values() []string {
	values := append(strings.Split(c.path, "/"), c.region)
	if encoded, err := json.Marshal(c.body); err == nil {
		values = append(values, strings.Split(string(encoded), `"`)...)
	}
	return values
}

// repeatsSecret reports whether a text contains a part of a secret of the request, whatever its case and what separates its characters.
func (c call) repeatsSecret(text string) bool {
	return slices.ContainsFunc(c.secrets, func(secret Secret) bool {
		letters := fold(secret.Reveal(), isAlphanumeric)
		return containsPart(fold(text, isVisible), fold(secret.Reveal(), isVisible)) ||
			len(letters) >= minSecretPart && containsPart(fold(text, isAlphanumeric), letters)
	})
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
func isVisible(r rune) bool      { return unicode.IsPrint(r) && !unicode.IsSpace(r) }

// fold returns the characters of a text that are to be compared, in lower case.
func fold(text string, compared func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if compared(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// containsPart reports whether a text contains minSecretPart consecutive characters of a secret, or a shorter secret completely.
func containsPart(text, secret string) bool {
	size := min(minSecretPart, len(secret))
	for start := 0; start+size <= len(secret) && size > 0; start++ {
		if strings.Contains(text, secret[start:start+size]) {
			return true
		}
	}
	return false
}
