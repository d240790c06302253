// Which text from Civo may be shown, and how it is escaped. Anything in a response can be hostile: a name that another user of the
// account chose, or the text of a proxy that repeats the request with its token.

package civo

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"regexp"
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

// codeForm is what Civo's codes look like: words in lower case, joined by underscores.
var codeForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+){0,12}$`)

// shownCode returns Civo's code if it looks like one and repeats no secret of the request.
func (c call) shownCode(code string) string {
	if len(code) > 100 || !codeForm.MatchString(code) || c.repeatsSecret(code) {
		return ""
	}
	return code
}

// HiddenReason is the Reason of an Error in place of a description that contains a secret.
const HiddenReason = "(Civo's description is not shown because it contains a secret)"

// shownReason returns Civo's description of an error, unless it repeats a secret of the request.
func (c call) shownReason(reason string) string {
	reason = reason[:min(len(reason), maxReason)]
	if c.repeatsSecret(reason) {
		return HiddenReason
	}
	return Printable(reason)
}

// minSecretPart is how many consecutive characters of a secret a text must contain to count as repeating it.
const minSecretPart = 8

// repeatsSecret reports whether a text contains a secret of the request, or a part of it, in any of the forms in which servers
// repeat what they received: as it is, in another case, escaped or encoded.
func (c call) repeatsSecret(text string) bool {
	for _, form := range decodedForms(text) {
		folded, letters := fold(form), lettersAndDigits(form)
		for _, secret := range c.secrets {
			if containsPart(folded, fold(secret.Reveal())) {
				return true
			}
			// Quotes, escapes and separators between the characters make no difference if enough others are left.
			if rest := lettersAndDigits(secret.Reveal()); len(rest) >= minSecretPart && containsPart(letters, rest) {
				return true
			}
		}
	}
	return false
}

func lettersAndDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// fold removes what a server may change without decoding: case, whitespace and characters that are not printed.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

func containsPart(text, secret string) bool {
	if secret == "" {
		return false
	}
	for start := 0; start+minSecretPart <= len(secret); start++ {
		if strings.Contains(text, secret[start:start+minSecretPart]) {
			return true
		}
	}
	return len(secret) < minSecretPart && strings.Contains(text, secret)
}

// maxDecoded is the maximum number of times that a text is decoded, since servers encode what was already encoded.
const maxDecoded = 3

var (
	base64Run       = regexp.MustCompile(`[A-Za-z0-9+/_=-]{8,}`)
	hexRun          = regexp.MustCompile(`[0-9A-Fa-f]{8,}`)
	nonAlphanumeric = regexp.MustCompile(`[^\pL\pN]+`)
	separator       = regexp.MustCompile(`[^\pL\pN+/_=-]+`)
	// numberEscape matches a character as a number: \u0041, \u{41}, \x41, %u0041, 0x41 and the like.
	numberEscape = regexp.MustCompile(`(?:\\+u\{|\\+[ux]|%u|0x)([0-9a-fA-F]{2,6})\}?`)
	decimalRun   = regexp.MustCompile(`(?:\b(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6])\b[^0-9A-Za-z]*){4,}`)
	decimal      = regexp.MustCompile(`\d+`)
	backslash    = regexp.MustCompile(`\\+(.)`)
)

// decodedForms returns a text, also without what separates its characters, and what both decode to.
func decodedForms(text string) []string {
	forms := []string{text, separator.ReplaceAllString(text, ""), nonAlphanumeric.ReplaceAllString(text, "")}
	for start, round := 0, 0; round < maxDecoded; round++ {
		end := len(forms)
		for _, form := range forms[start:end] {
			forms = append(forms, unescaped(form), runsDecoded(form))
		}
		start = end
	}
	return forms
}

// unescaped decodes the escapes of URLs, HTML and JSON in a text, if it has any.
func unescaped(text string) string {
	text = percent.ReplaceAllStringFunc(text, func(escape string) string {
		if decoded, err := url.PathUnescape(escape); err == nil {
			return decoded
		}
		return escape
	})
	text = numberEscape.ReplaceAllStringFunc(text, func(escape string) string {
		code, _ := strconv.ParseUint(numberEscape.FindStringSubmatch(escape)[1], 16, 32)
		return string(rune(code)) //nolint:gosec // at most six hexadecimal digits
	})
	return html.UnescapeString(backslash.ReplaceAllString(text, "$1"))
}

var percent = regexp.MustCompile(`(%[0-9a-fA-F]{2})+`)

// runsDecoded decodes everything in a text that may be base64, hexadecimal or a list of decimal numbers. The encoded text can begin at any of the four
// characters of a base64 group.
func runsDecoded(text string) string {
	var decoded strings.Builder
	for _, run := range hexRun.FindAllString(text, -1) {
		for offset := range 2 { // the character before the first pair can be a hexadecimal digit by chance
			pairs := run[offset:]
			if plain, err := hex.DecodeString(pairs[:len(pairs)/2*2]); err == nil {
				decoded.Write(plain)
				decoded.WriteByte('\n')
			}
		}
	}
	for _, run := range decimalRun.FindAllString(text, -1) {
		for _, number := range decimal.FindAllString(run, -1) {
			code, _ := strconv.Atoi(number)
			decoded.WriteByte(byte(code)) //nolint:gosec // between 32 and 126
		}
		decoded.WriteByte('\n')
	}
	for _, run := range base64Run.FindAllString(text, -1) {
		run = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(run)
		for offset := range min(4, len(run)) {
			group := run[offset:]
			if len(group)%4 == 1 { // no encoding has this length
				group = group[:len(group)-1]
			}
			if plain, err := base64.RawStdEncoding.DecodeString(group); err == nil {
				decoded.Write(plain)
				decoded.WriteByte('\n')
			}
		}
	}
	return decoded.String()
}
