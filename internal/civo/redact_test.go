package civo

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// echoes are the forms in which a secret is found.
var echoes = map[string]func(string) string{
	"as it is":    func(s string) string { return s },
	"upper case":  strings.ToUpper,
	"lower case":  strings.ToLower,
	"JSON":        marshalled,
	"JSON, plain": plainJSON,
	"URL, query":  url.QueryEscape,
	"URL, path":   url.PathEscape,
	"URL, lower":  func(s string) string { return strings.ToLower(url.QueryEscape(s)) },
	"Go":          strconv.Quote,
	"Go, ASCII":   strconv.QuoteToASCII,
}

func marshalled(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// plainJSON escapes only what JSON requires.
func plainJSON(s string) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic(err)
	}
	return strings.TrimSpace(text.String())
}

// secrets are a generated token and secrets that a user may choose, whose characters are escaped.
var secrets = map[string]string{
	"token":     leakToken,
	"secret":    leakSecret,
	"symbols":   `/+"\&<>'%20=?#`,
	"slashes":   "a/b+c/d+e/f+g/h+i",
	"non-ASCII": "Ключ-ſtraße-鍵-😀-İK",
	"control":   "tab\tline\nnull\x00esc\x1bend",
	"escapes":   `%41%42\u0041\n\x41\\%2F`,
	"short":     `k"/ü`,
}

// Every form of a secret disappears completely, wherever it is in a text.
func TestRedact_Forms(t *testing.T) {
	t.Parallel()
	for what, secret := range secrets {
		for form, echo := range echoes {
			t.Run(what+", "+form, func(t *testing.T) {
				t.Parallel()
				echoed := echo(secret)
				if inner := strings.TrimSuffix(strings.TrimPrefix(echoed, `"`), `"`); inner != "" && len(inner) == len(echoed)-2 {
					echoed = inner // without the quotation marks
				}
				for before, after := range map[string]string{"": "", "The key ": " is bad.", "[": "]", "é鍵": "鍵é"} { //nolint:gocritic // a space ends the word
					want := before + redacted + after
					if got := hide(before+echoed+after, NewSecret("another secret"), NewSecret(secret)); got != want {
						t.Errorf("%q: %q, want %q", before+echoed+after, got, want)
					}
				}
			})
		}
	}
}

func TestRedact_Parts(t *testing.T) {
	t.Parallel()
	const secret = "abcdefghijklmnop"
	for name, test := range map[string]struct{ text, want string }{
		"8 characters":          {"the key cdefghij is bad", "the key (sensitive) is bad"},
		"7 characters":          {"the key cdefghi is bad", "the key cdefghi is bad"},
		"8, upper case":         {"CDEFGHIJ", "(sensitive)"},
		"12 characters":         {"cdefghijklmn", "(sensitive)"},
		"twice":                 {secret + secret, "(sensitive)"},
		"twice, apart":          {secret + " " + secret, "(sensitive) (sensitive)"},
		"overlapping parts":     {"abcdefghijghijklmnop", "(sensitive)"},
		"a part of 8 next to 7": {"abcdefghabcdefg", "(sensitive)abcdefg"},
		"separated":             {"abcdefg-hijklmn", "abcdefg-hijklmn"},
		"none":                  {"the key is bad", "the key is bad"},
		"empty":                 {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := hide(test.text, NewSecret(secret)); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestRedact_Secrets(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		secrets    []string
		text, want string
	}{
		"short":                     {[]string{"hunter"}, "the key Hunter is bad", "the key (sensitive) is bad"},
		"part of a short one":       {[]string{"hunter"}, "the hunte is on", "the hunte is on"},
		"8 of escaped ones":         {[]string{`ab/"\+<cdefgh`}, `ab%2F%22%5C%2B%3Cc and ab/\"\\+<c and ab/\"\\+\u003cc`, "(sensitive) and (sensitive) and (sensitive)"},
		"7 of escaped ones":         {[]string{`ab "cdefgh`}, `xx%22cdefxx`, `xx%22cdefxx`},
		"short, escaped":            {[]string{"a/b"}, "the key a%2Fb is bad", "the key (sensitive) is bad"},
		"of 8 characters":           {[]string{"hunter22"}, "hunter22 and hunter2", "(sensitive) and hunter2"},
		"none":                      {nil, "the key is bad", "the key is bad"},
		"empty":                     {[]string{""}, "the key is bad", "the key is bad"},
		"two that overlap in it":    {[]string{"abcdefgh", "efghijkl"}, "x abcdefghijkl x", "x (sensitive) x"},
		"two that follow in it":     {[]string{"abcdefgh", "ijklmnop"}, "x abcdefghijklmnop x", "x (sensitive) x"},
		"case folding grows":        {[]string{"ⱥⱥⱥⱥⱥⱥⱥⱥ"}, "x ȺȺȺȺȺȺȺȺ x", "x (sensitive) x"},
		"invalid UTF-8 in the text": {[]string{"abcdefgh"}, "\xff\xfeabcdefgh\xff", "\xff\xfe(sensitive)\xff"},
		"the replacement text":      {[]string{"(sensitive)"}, "x (sensitive) x", "x (sensitive) x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := make([]Secret, len(test.secrets))
			for i, secret := range test.secrets {
				all[i] = NewSecret(secret)
			}
			if got := hide(test.text, all...); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// The length is limited after the redaction, and the work before it.
func TestRedact_LongTexts(t *testing.T) {
	t.Parallel()
	secret := NewSecret(leakSecret)
	for before := range maxShown + 10 {
		mustNotLeak(t, "a text that is cut off", redact(strings.Repeat("é", before)+leakSecret, secret))
	}
	for before := maxRead - len(leakSecret) - 10; before < maxRead+10; before++ {
		mustNotLeak(t, "a text that is read in part", redact(strings.Repeat(" ", before)+leakSecret, secret))
	}
	long := NewSecret(strings.Repeat(leakSecret, 1000))
	if got := redact(strings.Repeat(leakSecret, 1000), long); got != redacted {
		t.Errorf("a long secret: %q", got)
	}
}

// Generated keys are found in every form.
func TestRedact_RandomKeys(t *testing.T) {
	t.Parallel()
	for range 20 {
		secret := NewSecretAccessKey()
		for name, echo := range echoes {
			if text := strings.ReplaceAll(redact("The key "+echo(secret.Reveal())+" is bad", secret), `"`, ""); text != "The key (sensitive) is bad" {
				t.Errorf("%s: %q", name, text)
			}
		}
	}
}

// Descriptions without a secret are shown in full.
func TestResponseError_ShownReason(t *testing.T) {
	t.Parallel()
	req := apiCall{path: "/v2/a", token: NewSecret(leakToken), secret: NewSecret(leakSecret)}
	for _, text := range []string{
		"The name is already in use", "AccessKeyID must not be empty", "2026-11-27T21:04:05Z", "req-7f3a9c2e41b0", "pod civo-api-6d4cf56db6-x2x7k",
		"5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f", "c2VjcmV0LWFjY2Vzcy1rZXk= is not valid", "Feature object_store is not supported in region phx1",
		`json: cannot unmarshal string into Go struct field .max_size of type int`, "50% of 20%2F30%2f", `a\b "c" 'd' &amp; <e>`, "Имя занято, 名前",
		"The token is not valid", "TokenAb",
	} {
		for _, field := range []string{"code", "reason", "details", "error", "message", "result"} {
			e := responseError(req, response{status: 400, body: []byte(`{"` + field + `":` + marshalled(text) + `}`)})
			if e.Reason+e.Code != text {
				t.Errorf("%s %q is shown as code %q, reason %q", field, text, e.Code, e.Reason)
			}
		}
	}
}

// Whichever field of a response repeats a secret, the error does not.
func TestLeak_ResponseError(t *testing.T) {
	t.Parallel()
	req := apiCall{method: http.MethodPost, path: "/v2/" + leakToken, token: NewSecret(leakToken), secret: NewSecret(leakSecret)}
	for name, echo := range echoes {
		for _, field := range []string{"code", "reason", "details", "error", "message", "result"} {
			body := []byte(`{"` + field + `":` + marshalled("the key: "+echo(leakSecret)+echo(leakToken)+" is bad") + `}`)
			for _, status := range []int{400, 409, 500} {
				e := responseError(req, response{status: status, body: body})
				mustNotLeak(t, name+", "+field, e.Error()+e.Code+e.Reason+e.Path)
				if want := "the key: " + redacted; !strings.HasPrefix(strings.ReplaceAll(e.Code+e.Reason, `"`, ""), want) {
					t.Errorf("%s, %s, %d: code %q, reason %q", name, field, status, e.Code, e.Reason)
				}
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
