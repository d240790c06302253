package civo

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
)

const hiddenValue = "secret-b"

// holder contains secrets in every place where a struct can have them.
type holder struct {
	Shown   Secret
	hidden  Secret
	pointer *Secret
	list    []Secret
	array   [1]Secret
	byName  map[string]Secret
	byValue map[Secret]string
	boxed   any
	inner   *holder
}

func secretsEverywhere() map[string]any {
	s := NewSecret(hiddenValue)
	h := holder{
		s, s, &s,
		[]Secret{s},
		[1]Secret{s},
		map[string]Secret{"a": s},
		map[Secret]string{s: "a"},
		s, &holder{hidden: s},
	}
	credential := Credential{ID: "id", SecretAccessKey: s}
	client, err := NewClient(Config{Token: s})
	if err != nil {
		panic(err)
	}
	return map[string]any{
		"itself": s, "pointer": &s, "slice": []Secret{s}, "array": [1]Secret{s}, "map": map[string]Secret{"a": s},
		"key of a map": map[Secret]int{s: 1}, "struct": h, "pointer to a struct": &h, "structs in a slice": []holder{h},
		"structs in a map": map[string]holder{"a": h}, "boxed": []any{s, h, &h},
		"credential": credential, "credentials": []Credential{credential},
		"pointer to a credential": &credential,
		"configuration":           Config{Token: s}, "arguments": Arguments{Token: s},
		"call": apiCall{token: s, secret: s}, "client": client, "file": credentialsFile{APIKeys: map[string]Secret{"a": s}},
	}
}

// forms returns the forms in which a printed value would be recognizable.
func forms(value string) []string {
	decimal := strings.Trim(fmt.Sprintf("%d", []byte(value)), "[]")
	return []string{
		value, decimal, hex.EncodeToString([]byte(value)), strings.ToUpper(hex.EncodeToString([]byte(value))),
		strings.Trim(fmt.Sprintf("% x", []byte(value)), "[]"), base64.StdEncoding.EncodeToString([]byte(value)),
		fmt.Sprintf("%#v", []byte(value)),
	}
}

func mustNotShow(tb testing.TB, how, text string) {
	tb.Helper()
	for _, form := range forms(hiddenValue) {
		if strings.Contains(text, form) {
			tb.Errorf("%s shows the secret: %s", how, text)
		}
	}
}

func TestSecret_NeverPrinted(t *testing.T) {
	t.Parallel()
	for name, value := range secretsEverywhere() {
		for _, flags := range []string{"", "+", "#", " ", "-20", "020", "+#", ".3"} {
			for verb := '!'; verb <= '~'; verb++ {
				format := "%" + flags + string(verb)
				mustNotShow(t, name+" printed with "+format, fmt.Sprintf(format, value))
			}
		}
		mustNotShow(t, name+" printed plainly", fmt.Sprint(value)+fmt.Sprintln(value))
		mustNotShow(t, name+" in a panic", panicText(value))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
		if text := fmt.Sprintf(verb, NewSecret(hiddenValue)); text != "(sensitive)" {
			t.Errorf("printed with %s: %s", verb, text)
		}
	}
}

func panicText(value any) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	panic(fmt.Errorf("%v", value))
}

func TestSecret_NotInJSON(t *testing.T) {
	t.Parallel()
	for name, value := range secretsEverywhere() {
		text, err := json.Marshal(value)
		mustNotShow(t, name+" in JSON", string(text))
		if err != nil {
			mustNotShow(t, name+" in the error of marshalling", err.Error())
		}
	}
	text, err := json.Marshal(NewSecret(hiddenValue))
	if err != nil || string(text) != `"(sensitive)"` {
		t.Errorf("in JSON: %s, %v", text, err)
	}
}

func TestSecret_NotInLogs(t *testing.T) {
	t.Parallel()
	for name, value := range secretsEverywhere() {
		for kind, handler := range map[string]func(io.Writer) slog.Handler{
			"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
			"JSON": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
		} {
			var logged bytes.Buffer
			slog.New(handler(&logged)).With("before", value).Info("message", "value", value)
			mustNotShow(t, name+" logged as "+kind, logged.String())
			if logged.Len() == 0 {
				t.Errorf("%s logged as %s: nothing", name, kind)
			}
		}
	}
}

func TestSecret_Equality(t *testing.T) {
	t.Parallel()
	a, same, other := NewSecret("token-a"), NewSecret(strings.ToLower("TOKEN-A")), NewSecret("token-b")
	if a != same {
		t.Error("secrets of the same value differ")
	}
	if a == other {
		t.Error("secrets of different values are equal")
	}
	with := func(secret Secret) Credential { return Credential{SecretAccessKey: secret} }
	if with(a) != with(same) || with(a) == with(other) {
		t.Error("credentials do not compare as their secrets do")
	}
	if a.Reveal() != "token-a" || a.IsZero() {
		t.Error("a secret is not what it was made of")
	}
}

func TestSecret_ZeroValue(t *testing.T) {
	t.Parallel()
	var zero Secret
	if NewSecret("") != zero || !zero.IsZero() || zero.Reveal() != "" {
		t.Error("the empty secret is not the zero value")
	}
	if text := fmt.Sprint(zero); text != "(sensitive)" {
		t.Errorf("whether a secret is empty shows: %s", text)
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
		if err == nil {
			t.Errorf("%s was read", text)
			continue
		}
		mustNotShow(t, "the error for "+text, err.Error())
	}
}
