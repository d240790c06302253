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

func secretsEverywhere(tb testing.TB) map[string]any {
	tb.Helper()
	s := NewSecret(hiddenValue)
	h := holder{s, s, &s, []Secret{s}, [1]Secret{s}, map[string]Secret{"a": s}, map[Secret]string{s: "a"}, s, &holder{hidden: s}}
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
		if strings.Contains(text, form) {
			tb.Errorf("%s shows the secret: %s", how, text)
		}
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
		mustNotShow(t, name+" printed plainly", fmt.Sprint(value)+fmt.Sprintln(value))
		mustNotShow(t, name+" in a panic", panicText(value))
		text, err := json.Marshal(value)
		mustNotShow(t, name+" in JSON", fmt.Sprint(string(text), err))
		for kind, handler := range map[string]func(io.Writer) slog.Handler{
			"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
			"JSON": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
		} {
			var logged bytes.Buffer
			slog.New(handler(&logged)).With("before", value).Info("message", "value", value)
			if mustNotShow(t, name+" logged as "+kind, logged.String()); logged.Len() == 0 {
				t.Errorf("%s logged as %s: nothing", name, kind)
			}
		}
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

func panicText(value any) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	panic(fmt.Errorf("%v", value))
}

// Secrets are compared by value. The empty one is the zero value.
func TestSecret_Equality(t *testing.T) {
	t.Parallel()
	a, same, other := NewSecret("token-a"), NewSecret(strings.ToLower("TOKEN-A")), NewSecret("token-b")
	with := func(secret Secret) Credential { return Credential{SecretAccessKey: secret} }
	if a != same || a == other || with(a) != with(same) || with(a) == with(other) || a.Reveal() != "token-a" || a.IsZero() {
		t.Error("secrets do not compare as their values do")
	}
	if zero := (Secret{}); NewSecret("") != zero || !zero.IsZero() || zero.Reveal() != "" {
		t.Error("the empty secret is not the zero value")
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
		}
		mustNotShow(t, "the error for "+text, fmt.Sprint(err))
	}
}
