// What a recording may contain. Everything else is replaced by placeholders, the same value by the same placeholder.

package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// redactor replaces everything that is not allowed. Of text, only words of the list in words.go are allowed, so a value that nobody
// thought of does not get into a recording.
type redactor struct {
	region   string
	prefix   string            // of the names of this run
	labels   map[string]string // of the values that the run has sent or received, by value
	folded   map[string]string // the same, by value in lower case
	names    []string          // the labeled values that are names
	numbered map[string]string // placeholders of other values
	counts   map[string]int    // of these placeholders, by kind
	ids      map[string]bool   // IDs of this run's objects
}

func newRedactor(region, prefix string) *redactor {
	return &redactor{
		region: region, prefix: prefix,
		labels: map[string]string{}, folded: map[string]string{}, numbered: map[string]string{}, counts: map[string]int{}, ids: map[string]bool{},
	}
}

// label sets the placeholder of a value of this run, such as {name-owner}.
func (r *redactor) label(value, label string) {
	if value == "" {
		return
	}
	label = "{" + label + "}"
	r.labels[value], r.folded[strings.ToLower(value)] = label, label
	if strings.HasPrefix(label, "{name-") {
		r.names = append(r.names, value)
	}
}

var nameCharacter = regexp.MustCompile(`[^-]`)

// known returns the placeholder of a value that has a label.
func (r *redactor) known(value string) (string, bool) {
	if label, ok := r.labels[value]; ok {
		return label, true
	}
	if label, ok := r.folded[strings.ToLower(value)]; ok {
		return label + " in another case", true
	}
	for _, name := range r.names { // Civo derives the name of an owner from the name of its store
		if rest, ok := strings.CutPrefix(value, name+"-"); ok && len(rest) <= maxSuffix {
			return r.labels[name] + "-" + nameCharacter.ReplaceAllString(rest, "x"), true
		}
	}
	return "", false
}

// placeholder returns the placeholder of a value without a label.
func (r *redactor) placeholder(kind, value string) string {
	if label, ok := r.known(value); ok {
		return label
	}
	if _, ok := r.numbered[value]; !ok {
		r.counts[kind]++
		placeholder := fmt.Sprintf("%s-%d", kind, r.counts[kind])
		if kind == kindKey || kind == kindSecret {
			placeholder += fmt.Sprintf(" of %d characters", utf8.RuneCountInString(value))
		}
		r.numbered[value] = "{" + placeholder + "}"
	}
	return r.numbered[value]
}

// Kinds of placeholders.
const (
	kindID     = "id"
	kindName   = "name"
	kindKey    = "key"
	kindSecret = "secret"
	kindObject = "object"
	kindNumber = "number"
	kindWord   = "word"
)

// kinds are the kinds of the fields that are always replaced.
var kinds = map[string]string{
	"name": kindName, "access_key_id": kindKey, "secret_access_key_id": kindSecret, "secret_access_key": kindSecret, "id": kindID,
}

func kindOf(key string) string {
	kind := kinds[key]
	if kind == "" && strings.HasSuffix(key, "_id") {
		kind = kindID
	}
	return kind
}

// numbers are the fields whose numbers are allowed.
var numbers = []string{
	"page", "per_page", "pages", "max_size", "max_size_gb", "size", "size_kb_utilised", "max_size_kb", "num_objects", "status", "format",
}

// request returns a request as a recording contains it.
func (r *redactor) request(c call) Request {
	recorded := Request{Method: c.method, Path: r.text(c.path)}
	for key := range c.query {
		if recorded.Query == nil {
			recorded.Query = map[string]string{}
		}
		recorded.Query[r.text(key)] = r.text(c.query.Get(key))
	}
	if c.token != nil {
		recorded.Headers = map[string]string{"Authorization": "none"}
		if *c.token != "" {
			recorded.Headers["Authorization"] = "another token"
		}
	}
	for name, value := range c.headers {
		if recorded.Headers == nil {
			recorded.Headers = map[string]string{}
		}
		recorded.Headers[name] = r.text(value)
	}
	switch body := c.body.(type) {
	case nil:
	case raw:
		recorded.Body = r.text(string(body))
	default:
		if encoded, err := json.Marshal(body); err == nil {
			recorded.Body = r.value("", decode(encoded), false)
		}
	}
	return recorded
}

// response returns a response as a recording contains it; nil if there is none.
func (r *redactor) response(c call, got reply) *Response {
	if got.status == 0 {
		return nil
	}
	recorded := &Response{Status: got.status, Headers: r.headers(got.header), Bytes: len(got.body)}
	if got.json == nil || c.isS3 {
		recorded.Text = r.excerpt(string(got.body))
		return recorded
	}
	recorded.Body = r.value("", got.json, strings.HasPrefix(c.path, "/v2/objectstore"))
	return recorded
}

const (
	maxExcerpt = 2000 // bytes
	maxSuffix  = 20   // bytes that Civo may add to a name
)

// excerpt returns the beginning of a long text.
func (r *redactor) excerpt(body string) string {
	if len(body) > maxExcerpt {
		end := strings.LastIndexAny(body[:maxExcerpt], " \n<") // not within a word
		body = body[:max(end, 0)]
	}
	return r.text(body)
}

// headerForms are the headers that a recording contains, and the form of those whose values need not consist of allowed words.
var headerForms = map[string]*regexp.Regexp{
	"Accept-Ranges":       nil,
	"Allow":               nil,
	"Content-Length":      digits,
	"Content-Type":        nil,
	"Date":                regexp.MustCompile(`^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$`),
	"Etag":                nil,
	"Location":            nil,
	"Ratelimit-Limit":     digits,
	"Ratelimit-Remaining": digits,
	"Ratelimit-Reset":     digits,
	"Retry-After":         digits,
	"Server":              nil,
	"Via":                 nil,
	"Www-Authenticate":    nil,
	"X-Amz-Bucket-Region": nil,
	"X-Amz-Request-Id":    nil,
	"X-Amz-Version-Id":    nil,
	"X-Powered-By":        nil,
	"X-Rgw-Object-Type":   nil,
	headerLimit:           digits,
	headerRemaining:       digits,
	headerReset:           digits,
}

var digits = regexp.MustCompile(`^\d{1,12}$`)

func (r *redactor) headers(received http.Header) map[string]string {
	recorded := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(headerForms)) {
		value := received.Get(name)
		form := headerForms[name]
		switch {
		case value == "":
		case form != nil && form.MatchString(value):
			recorded[name] = value
		default:
			recorded[name] = r.excerpt(value)
		}
	}
	return recorded
}

// value returns a JSON value. Objects of a list of records that are not this run's are replaced as a whole.
func (r *redactor) value(key string, value any, isRecords bool) any {
	switch value := value.(type) {
	case map[string]any:
		recorded := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(value)) { // in the same order in each run, because placeholders are numbered
			recorded[r.text(name)] = r.value(name, value[name], isRecords)
		}
		return recorded
	case []any:
		recorded := make([]any, len(value))
		for i, item := range value {
			if object, ok := item.(map[string]any); ok && isRecords && !r.isOwn(object) {
				recorded[i] = r.placeholder(kindObject, identity(object))
			} else {
				recorded[i] = r.value(key, item, isRecords)
			}
		}
		return recorded
	case string:
		return r.field(key, value)
	case json.Number:
		if slices.Contains(numbers, key) && countForm.MatchString(value.String()) {
			return value
		}
		return r.placeholder(kindNumber, value.String())
	default: // a boolean or null
		return value
	}
}

// isOwn reports whether this run created an object.
func (r *redactor) isOwn(object map[string]any) bool {
	id, _ := object["id"].(string)
	name, _ := object["name"].(string)
	return r.ids[id] || r.isOwnName(name)
}

func (r *redactor) isOwnName(name string) bool { return hasPrefixFold(name, r.prefix) }

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// identity returns what distinguishes an object from others.
func identity(object map[string]any) string {
	if id, ok := object["id"].(string); ok && id != "" {
		return id
	}
	return fmt.Sprint(object) // with the keys in order
}

// field returns the string in a field.
func (r *redactor) field(key, value string) string {
	switch {
	case value == "":
		return ""
	case (key == "region" || key == "code") && (isPublicRegion(value) || strings.EqualFold(value, r.region)):
		return value
	}
	if label, ok := r.known(value); ok {
		return label
	}
	if kind := kindOf(key); kind != "" {
		return r.placeholder(kind, value)
	}
	return r.excerpt(value)
}

// unit is what must be an allowed word: everything between whitespace and punctuation. Encodings such as Base64 and percent-encoding do
// not split it.
var unit = regexp.MustCompile("[^\\s\"'`,;:()<>{}\\[\\]=&?!|/]+")

// text replaces everything in a text that is not an allowed word.
func (r *redactor) text(text string) string {
	if label, ok := r.known(text); ok {
		return label
	}
	text = longNumber.ReplaceAllStringFunc(text, func(number string) string { return r.placeholder(kindNumber, number) })
	return unit.ReplaceAllStringFunc(text, func(word string) string {
		trimmed := strings.TrimRight(word, ".")
		if trimmed == "" || r.isAllowed(trimmed) {
			return word
		}
		return r.placeholder(kindWord, trimmed) + word[len(trimmed):]
	})
}

var (
	countForm   = regexp.MustCompile(`^-?\d{1,10}$`)           // up to the kB of some TB
	longNumber  = regexp.MustCompile(`\b\d+(?:[ /]\d+){2,}\b`) // in groups, such as that of a bank card
	shortNumber = regexp.MustCompile(`^\d{1,4}$`)
	version     = regexp.MustCompile(`^\d{1,3}\.\d{1,3}(\.\d{1,3})?$`)
	camelCase   = regexp.MustCompile(`^([A-Z][a-z]{2,})+$`)
	camelWord   = regexp.MustCompile(`[A-Z][a-z]+`)
	civoHost    = regexp.MustCompile(`^([a-z0-9-]+)(\.[a-z0-9-]+)*\.civo\.com$`)
)

// isAllowed reports whether a word is on the list, or consists of words on the list as codes do.
func (r *redactor) isAllowed(word string) bool {
	if word == "*" || isWord(word) || shortNumber.MatchString(word) || version.MatchString(word) || word == "127.0.0.1" {
		return true
	}
	if strings.EqualFold(word, r.region) || isPublicRegion(word) {
		return true
	}
	var parts []string
	switch {
	case camelCase.MatchString(word):
		parts = camelWord.FindAllString(word, -1)
	case civoHost.MatchString(word):
		parts = strings.Split(strings.TrimSuffix(word, ".civo.com"), ".")
		parts = slices.DeleteFunc(parts, func(label string) bool { return strings.EqualFold(label, r.region) || isPublicRegion(label) })
	case strings.Contains(word, "_"):
		parts = strings.Split(word, "_")
	default:
		return false
	}
	return !slices.ContainsFunc(parts, func(part string) bool { return !isWord(part) })
}

func isPublicRegion(code string) bool {
	return slices.Contains([]string{"lon1", "fra1", "nyc1", "mum1", "phx1"}, strings.ToLower(code))
}
