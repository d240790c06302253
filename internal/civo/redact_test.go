package civo

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const hiddenValue = "secret-b"

// holder contains secrets in every way in which a struct can have them.
type holder struct {
	Shown, hidden Secret
	pointer       *Secret
	list          []Secret
	byName        map[string]Secret
	boxed         any
	inner         *holder
}

func secretsEverywhere(tb testing.TB) map[string]any {
	tb.Helper()
	s := NewSecret(hiddenValue)
	h := holder{s, s, &s, []Secret{s}, map[string]Secret{"a": s}, s, &holder{hidden: s}}
	credential := Credential{ID: "id", SecretAccessKey: s}
	return map[string]any{
		"itself": s, "pointer": &s, "slice": []Secret{s}, "array": [1]Secret{s}, "map": map[string]Secret{"a": s},
		"key of a map": map[Secret]int{s: 1}, "struct": h, "pointer to a struct": &h, "structs in a slice": []holder{h},
		"structs in a map": map[string]holder{"a": h}, "boxed": []any{s, h, &h},
		"credential": credential, "credentials": []Credential{credential}, "pointer to a credential": &credential,
		"configuration": Config{Token: s}, "arguments": Arguments{Token: s}, "client": connect(tb, "", hiddenValue),
		"call": apiCall{token: s, secret: s}, "file": credentialsFile{APIKeys: map[string]Secret{"a": s}},
	}
}

// mustNotShow fails the test if a text contains the secret in a form in which it would be recognizable.
func mustNotShow(tb testing.TB, how, text string) {
	tb.Helper()
	value := []byte(hiddenValue)
	for _, form := range []string{
		hiddenValue, strings.Trim(fmt.Sprintf("%d", value), "[]"), hex.EncodeToString(value), strings.ToUpper(hex.EncodeToString(value)),
		strings.Trim(fmt.Sprintf("% x", value), "[]"), base64.StdEncoding.EncodeToString(value), fmt.Sprintf("%#v", value),
	} {
		failIf(tb, strings.Contains(text, form), "%s shows the secret: %s", how, text)
	}
}

func TestSecret_NeverShown(t *testing.T) {
	t.Parallel()
	for name, value := range secretsEverywhere(t) {
		for _, flags := range []string{"", "+", "#", " ", "-20", "020", "+#", ".3"} {
			for verb := '!'; verb <= '~'; verb++ {
				format := "%" + flags + string(verb)
				mustNotShow(t, name+" printed with "+format, fmt.Sprintf(format, value))
			}
		}
		text, err := json.Marshal(value)
		mustNotShow(t, name+" in JSON", fmt.Sprint(string(text), err))
		var logged bytes.Buffer
		slog.New(slog.NewTextHandler(&logged, nil)).With("before", value).Info("message", "value", value)
		mustNotShow(t, name+" logged", logged.String())
		failIf(t, logged.Len() == 0, "%s is not logged", name)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
		if text := fmt.Sprintf(verb, NewSecret(hiddenValue)) + fmt.Sprintf(verb, Secret{}); text != "(sensitive)(sensitive)" {
			t.Errorf("printed with %s: %s", verb, text)
		}
	}
	if text, err := json.Marshal(NewSecret(hiddenValue)); err != nil || string(text) != `"(sensitive)"` {
		t.Errorf("in JSON: %s, %v", text, err)
	}
}

func TestSecret_FromJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Secret{`"secret-b"`: NewSecret("secret-b"), `""`: {}, `null`: {}} {
		var got Secret
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: read %q, %v", text, got.Reveal(), err)
		}
	}
	for _, text := range []string{`7`, `["secret-b"]`, `{"a":"secret-b"}`, `true`} {
		got := NewSecret("before")
		err := json.Unmarshal([]byte(text), &got)
		failIf(t, err == nil, "%s was read", text)
		mustNotShow(t, "the error for "+text, fmt.Sprint(err))
	}
}

// echoes are the forms in which a secret is found.
var echoes = map[string]func(string) string{
	"as it is":    func(s string) string { return s },
	"upper case":  strings.ToUpper,
	"lower case":  strings.ToLower,
	"JSON":        func(s string) string { return marshalled(s, true) },
	"JSON, plain": func(s string) string { return marshalled(s, false) },
	"URL, query":  url.QueryEscape,
	"URL, path":   url.PathEscape,
	"URL, lower":  func(s string) string { return strings.ToLower(url.QueryEscape(s)) },
	"Go":          strconv.Quote,
	"Go, ASCII":   strconv.QuoteToASCII,
}

// marshalled returns the JSON of a text, with escaped HTML or only with the escapes that JSON requires.
func marshalled(s string, escapesHTML bool) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(escapesHTML)
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
	"generated": NewSecretAccessKey().Reveal(),
}

// Every form of a secret disappears completely, wherever it is in a text.
func TestRedact_Forms(t *testing.T) {
	t.Parallel()
	for what, secret := range secrets {
		for form, echo := range echoes {
			echoed := echo(secret)
			if inner := strings.TrimSuffix(strings.TrimPrefix(echoed, `"`), `"`); inner != "" && len(inner) == len(echoed)-2 {
				echoed = inner // without the quotation marks
			}
			for before, after := range map[string]string{"": "", "The key ": " is bad.", "[": "]", "é鍵": "鍵é"} { //nolint:gocritic // a space ends the word
				want := before + "(sensitive)" + after
				got := hide(before+echoed+after, NewSecret("another secret"), NewSecret(secret))
				failIf(t, got != want, "%s, %s, %q: %q, want %q", what, form, before+echoed+after, got, want)
			}
		}
	}
}

// Parts of 8 characters of a secret disappear, in any case. A shorter secret disappears as a whole.
func TestRedact_Parts(t *testing.T) {
	t.Parallel()
	const long = "abcdefghijklmnop"
	for _, test := range []struct {
		secrets    []string
		text, want string
	}{
		{[]string{long}, "the key cdefghij is bad", "the key (sensitive) is bad"},
		{[]string{long}, "the key cdefghi is bad", "the key cdefghi is bad"},
		{[]string{long}, "CDEFGHIJ", "(sensitive)"},
		{[]string{long}, "cdefghijklmn", "(sensitive)"},
		{[]string{long}, long + long, "(sensitive)"},
		{[]string{long}, long + " " + long, "(sensitive) (sensitive)"},
		{[]string{long}, "abcdefghijghijklmnop", "(sensitive)"}, // parts that overlap
		{[]string{long}, "abcdefghabcdefg", "(sensitive)abcdefg"},
		{[]string{long}, "abcdefg-hijklmn", "abcdefg-hijklmn"},
		{[]string{long}, "the key is bad", "the key is bad"},
		{[]string{long}, "", ""},
		{[]string{"hunter"}, "the key Hunter is bad", "the key (sensitive) is bad"},
		{[]string{"hunter"}, "the hunte is on", "the hunte is on"},
		{[]string{`ab/"\+<cdefgh`}, `ab%2F%22%5C%2B%3Cc and ab/\"\\+<c and ab/\"\\+\u003cc`, "(sensitive) and (sensitive) and (sensitive)"},
		{[]string{`ab "cdefgh`}, `xx%22cdefxx`, `xx%22cdefxx`},
		{[]string{"a/b"}, "the key a%2Fb is bad", "the key (sensitive) is bad"},
		{[]string{"hunter22"}, "hunter22 and hunter2", "(sensitive) and hunter2"},
		{nil, "the key is bad", "the key is bad"},
		{[]string{""}, "the key is bad", "the key is bad"},
		{[]string{"abcdefgh", "efghijkl"}, "x abcdefghijkl x", "x (sensitive) x"},
		{[]string{"abcdefgh", "ijklmnop"}, "x abcdefghijklmnop x", "x (sensitive) x"},
		{[]string{"ⱥⱥⱥⱥⱥⱥⱥⱥ"}, "x ȺȺȺȺȺȺȺȺ x", "x (sensitive) x"}, // longer in another case
		{[]string{"abcdefgh"}, "\xff\xfeabcdefgh\xff", "\xff\xfe(sensitive)\xff"},
		{[]string{"(sensitive)"}, "x (sensitive) x", "x (sensitive) x"},
	} {
		var all []Secret
		for _, secret := range test.secrets {
			all = append(all, NewSecret(secret))
		}
		got := hide(test.text, all...)
		failIf(t, got != test.want, "%q, secrets %q: %q, want %q", test.text, test.secrets, got, test.want)
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
	got := redact(strings.Repeat(leakSecret, 1000), long)
	failIf(t, got != redacted, "a long secret: %q", got)
}

// Whichever field of a response contains a description, the error shows it in full, but without the secrets.
func TestResponseError_Shown(t *testing.T) {
	t.Parallel()
	req := apiCall{method: http.MethodPost, path: "/v2/" + leakToken, token: NewSecret(leakToken), secret: NewSecret(leakSecret)}
	texts := map[string]string{"the key: " + leakSecret + leakToken + " is bad": "the key: " + redacted + " is bad"}
	for _, text := range []string{
		"The name is already in use", "AccessKeyID must not be empty", "2026-11-27T21:04:05Z", "req-7f3a9c2e41b0", "pod civo-api-6d4cf56db6-x2x7k",
		"5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f", "c2VjcmV0LWFjY2Vzcy1rZXk= is not valid", "Feature object_store is not supported in region phx1",
		`json: cannot unmarshal string into Go struct field .max_size of type int`, "50% of 20%2F30%2f", `a\b "c" 'd' &amp; <e>`, "Имя занято, 名前",
		"The token is not valid", "TokenAb",
	} {
		texts[text] = text
	}
	for text, want := range texts {
		for _, field := range []string{"code", "reason", "details", "error", "message", "result"} {
			for _, status := range []int{400, 409, 500} {
				e := responseError(req, response{status: status, body: []byte(`{"` + field + `":` + marshalled(text, true) + `}`)})
				failIf(t, e.Reason+e.Code != want, "%d, %s %q is shown as code %q, reason %q", status, field, text, e.Code, e.Reason)
				mustNotLeak(t, field, e.Path)
			}
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain text":                      "plain text",
		"Ключ 鍵 clé":                      "Ключ 鍵 clé",
		"red \x1b[31m":                    `red \x1b[31m`,
		"a\ab":                            `a\ab`,
		"a\x7fb":                          `a\x7fb`,
		"a\u009bb":                        `a\u009bb`, // a C1 control
		"one\n\n\ttwo\r\nthree\u2028four": "one two three four",
		"a\u202eb":                        `a\u202eb`, // these three change the direction of writing
		"a\u2066b\u2069":                  `a\u2066b\u2069`,
		"a\u200fb\u061c":                  `a\u200fb\u061c`,
		"a\u200bb\u200d\ufeff":            `a\u200bb\u200d\ufeff`, // without a width
		"a\U000e0041":                     `a\U000e0041`,
		"a\xff\xfeb":                      `a\ufffd\ufffdb`,
		strings.Repeat("ä", 300):          strings.Repeat("ä", 300),
		strings.Repeat("ä", 301):          strings.Repeat("ä", 300) + "…",
		strings.Repeat("\x1b", 1000):      strings.Repeat(`\x1b`, 75) + "…",
	} {
		failIf(t, Printable(text) != want, "%q: %q, want %q", text, Printable(text), want)
	}
	for text, want := range map[string]string{
		strings.Repeat("ä", 100): `"` + strings.Repeat("ä", 100) + `"`, strings.Repeat("ä", 101): `"` + strings.Repeat("ä", 100) + `…"`,
		"a\x1b\"": `"a\x1b\""`,
	} {
		failIf(t, Quote(text) != want, "quoted: %s, want %s", Quote(text), want)
	}
}
