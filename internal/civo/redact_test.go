package civo

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// echoes are the forms in which a server can repeat what it received.
var echoes = map[string]func(string) string{
	"as it is":       func(s string) string { return s },
	"upper case":     strings.ToUpper,
	"lower case":     strings.ToLower,
	"JSON":           func(s string) string { return strings.Trim(marshalled(s), `"`) },
	"JSON twice":     func(s string) string { return marshalled(marshalled(s)) },
	"JSON, all":      func(s string) string { return eachByte(s, `\u%04x`) },
	"JSON, 16 bits":  func(s string) string { return eachByte(s, `\u%04X`) },
	"hex escapes":    func(s string) string { return eachByte(s, `\x%02x`) },
	"URL, query":     url.QueryEscape,
	"URL, path":      url.PathEscape,
	"URL, all":       func(s string) string { return eachByte(s, "%%%02X") },
	"URL twice":      func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"HTML":           html.EscapeString,
	"HTML, all":      func(s string) string { return eachByte(s, "&#%d;") },
	"Go":             func(s string) string { return fmt.Sprintf("%q", s) },
	"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 + 1":     func(s string) string { return base64.StdEncoding.EncodeToString([]byte("a" + s)) },
	"base64 + 2":     func(s string) string { return base64.StdEncoding.EncodeToString([]byte("ab" + s)) },
	"base64 after 1": func(s string) string { return "x" + base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 after 2": func(s string) string { return "xy" + base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 after 3": func(s string) string { return "xyz" + base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64, URL":    func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64 twice": func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(s))))
	},
	"base64, lines":  func(s string) string { return spread(base64.StdEncoding.EncodeToString([]byte(s)), 5, "\n") },
	"hex":            func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hex, upper":     func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"hex after one":  func(s string) string { return "a" + hex.EncodeToString([]byte(s)) },
	"hex, pairs":     func(s string) string { return fmt.Sprintf("% x", s) },
	"hex, colons":    func(s string) string { return spread(hex.EncodeToString([]byte(s)), 2, ":") },
	"hex, dashes":    func(s string) string { return spread(hex.EncodeToString([]byte(s)), 2, "-") },
	"hex, slashes":   func(s string) string { return spread(hex.EncodeToString([]byte(s)), 2, "/") },
	"hex, 0x":        func(s string) string { return fmt.Sprintf("% #x", s) },
	"Go bytes":       func(s string) string { return fmt.Sprintf("%#v", []byte(s)) },
	"decimal":        func(s string) string { return fmt.Sprintf("%d", []byte(s)) },
	"braces":         func(s string) string { return eachByte(s, `\u{%x}`) },
	"URL, 16 bits":   func(s string) string { return eachByte(s, "%%u%04x") },
	"base64 of 8":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s[:8])) },
	"spaces":         func(s string) string { return spread(s, 4, " ") },
	"lines":          func(s string) string { return spread(s, 3, "\r\n") },
	"zero width":     func(s string) string { return spread(s, 1, "\u200b") },
	"dashes":         func(s string) string { return spread(s, 7, "-") },
	"control":        func(s string) string { return spread(s, 2, "\x1b") },
	"a part of 12":   func(s string) string { return s[5:17] },
	"in a long text": func(s string) string { return strings.Repeat("word ", 50) + s },
}

func marshalled(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func eachByte(s, format string) string {
	var text strings.Builder
	for _, b := range []byte(s) {
		fmt.Fprintf(&text, format, b)
	}
	return text.String()
}

func spread(s string, every int, between string) string {
	var text strings.Builder
	for i, r := range s {
		if i > 0 && i%every == 0 {
			text.WriteString(between)
		}
		text.WriteRune(r)
	}
	return text.String()
}

func TestLeak_Echo(t *testing.T) {
	t.Parallel()
	for name, echo := range echoes {
		for what, secret := range map[string]string{"token": leakToken, "secret": leakSecret} {
			t.Run(name+", "+what, func(t *testing.T) {
				t.Parallel()
				for _, text := range []string{echo(secret), "the key: " + echo(secret) + " is bad", `{"secret_access_key_id":"` + echo(secret) + `"}`} {
					mustNotShowEcho(t, text)
				}
			})
		}
	}
}

// mustNotShowEcho fails the test if an error contains any part of a text, whichever field of a response contained it.
func mustNotShowEcho(tb testing.TB, text string) {
	tb.Helper()
	c := call{method: http.MethodPost, path: "/v2/a", secrets: []Secret{NewSecret(leakSecret), NewSecret(leakToken)}}
	for _, field := range []string{"code", "reason", "details", "result"} {
		body := []byte(`{"` + field + `":` + marshalled(text) + `}`)
		for _, status := range []int{200, 400, 409, 500} {
			e := responseError(c, status, body)
			if e.Reason != "" && !strings.Contains(e.Reason, "is not shown") || e.Code != "" {
				tb.Errorf("%s, %d: code %q, reason %q", field, status, e.Code, e.Reason)
			}
		}
	}
}

// Descriptions that contain no secret are shown.
func TestResponseError_ShownReason(t *testing.T) {
	t.Parallel()
	c := call{
		path: "/v2/objectstore/credentials/5f0b1d2e", region: "acme-dc-9876543210", secrets: []Secret{NewSecret(leakSecret), NewSecret(leakToken)},
		body: Credential{Name: "Backups-9x8x7x6x5x4x", AccessKeyID: "AKIA0123456XYZ", SecretAccessKey: NewSecret(leakSecret)}.body(),
	}
	for _, text := range []string{
		"The name is already in use", "Failed to find the region LON9 within the internal database",
		"A credential with the access key AKIA0123456XYZ already exists", "quota exceeded: 10 of 10", "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f",
		"The name 'Backups-9x8x7x6x5x4x' is taken in acme-dc-9876543210.", "The size of an object store must be a multiple of 500 GB",
		"The credential owns the object store nightly-2026-11.", "The credential owns the object stores app1, app2 (and web-eu1)",
		"Feature object_store is not supported in region phx1", "Civo's API isn't available: \"try again\" in 30 s", "Имя занято, 名前",
	} {
		if got := c.shownReason(text); got != text {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
	for code, want := range map[string]string{
		"database_region_not_found": "database_region_not_found", "Bad Code": "", "a\u202eb": "", "<b>": "", "a_" + strings.Repeat("b", 100): "",
	} {
		if got := c.shownCode(code); got != want {
			t.Errorf("%q is shown as %q", code, got)
		}
	}
}

// A secret of few letters does not hide every text.
func TestResponseError_ShortSecrets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		secret, text string
		hidden       bool
	}{
		{"a!?-!!!!!!!!", "a name is required", false},
		{"!#?-!+!=!*!@", "the key !#?-!+!=!*!@ is bad", true},
		{"hunter", "the key Hunter is bad", true},
		{"hunter", "the key is bad", false},
		{"monday/tuesday", "the key monday%2Ftuesday is bad", true}, // an escape inside of ordinary words
		{"monday/tuesday", "the key monday&#47;tuesday is bad", true},
		{"monday/tuesday", "the day is tuesday", false},
		{"", "the key is bad", false},
	} {
		c := call{secrets: []Secret{NewSecret(test.secret)}}
		if got := c.shownReason(test.text) == HiddenReason; got != test.hidden {
			t.Errorf("secret %q, text %q: hidden is %t", test.secret, test.text, got)
		}
	}
}

// Keys as Civo generates them are hidden in every form.
func TestLeak_EchoOfRandomKeys(t *testing.T) {
	t.Parallel()
	for range 100 {
		secret := NewSecretAccessKey()
		c := call{secrets: []Secret{secret}}
		for name, echo := range echoes {
			if text := echo(secret.Reveal()); c.shownReason("The key "+text+" is bad") != HiddenReason {
				t.Errorf("%s is shown: %q", name, text)
			}
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"plain":         {"plain text", "plain text"},
		"other scripts": {"Ключ 鍵 clé", "Ключ 鍵 clé"},
		"ESC":           {"red \x1b[31m", `red \x1b[31m`},
		"bell":          {"a\ab", `a\ab`},
		"DEL":           {"a\x7fb", `a\x7fb`},
		"C1 control":    {"a\u009bb", `a\u009bb`},
		"lines":         {"one\n\n\ttwo\r\nthree\u2028four", "one two three four"},
		"bidi override": {"a\u202eb", `a\u202eb`},
		"bidi isolate":  {"a\u2066b\u2069", `a\u2066b\u2069`},
		"bidi mark":     {"a\u200fb\u061c", `a\u200fb\u061c`},
		"zero width":    {"a\u200bb\u200d\ufeff", `a\u200bb\u200d\ufeff`},
		"tag":           {"a\U000e0041", `a\U000e0041`},
		"invalid UTF-8": {"a\xff\xfeb", `a\ufffd\ufffdb`},
		"as long":       {strings.Repeat("ä", 300), strings.Repeat("ä", 300)},
		"too long":      {strings.Repeat("ä", 301), strings.Repeat("ä", 300) + "…"},
		"all escapes":   {strings.Repeat("\x1b", 1000), strings.Repeat(`\x1b`, 75) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Printable(test.text); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
