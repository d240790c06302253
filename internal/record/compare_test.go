package record

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// simulate records a simulator with changed defaults, and reads the recording as a file contains it.
func simulate(t *testing.T, region string, change func(*civosim.Options)) Recording {
	t.Helper()
	options := Defaults()
	change(&options)
	recording, err := Simulate(t.Context(), options, region, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/recording.json"
	if err := recording.Write(path); err != nil {
		t.Fatal(err)
	}
	written, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// simulators are simulators with changed defaults, and the facts (question/fact) in which their recordings differ from one with the
// defaults, by the option that must be named. Options of one simulator change different facts.
var simulators = map[string]struct {
	change func(*civosim.Options)
	want   map[string][]string
}{
	"private region": {func(o *civosim.Options) { o.Regions = []string{"acme-dc", "phx1"} }, nil},
	"options that change no fact": {func(o *civosim.Options) {
		o.Token, o.StoreEndpoint, o.RateLimit, o.RetryAfter = "another", "objectstore.{region}.civo.com", 2, true
	}, nil},
	"options that prevent answers": {func(o *civosim.Options) { o.NoObjectStore, o.QuotaGB = []string{}, 500 }, nil},
	"lists": {func(o *civosim.Options) {
		o.Regions, o.PageSize, o.PageCap, o.EmptyPagePastEnd = []string{"LON1", "phx1"}, 50, 100, true
	}, map[string][]string{
		"Regions": {"regions/spelling"}, "PageSize": {"page-default/list: per_page"}, "PageCap": {"page-cap/list: per_page"},
		"EmptyPagePastEnd": {"page-past-end/items", "page-past-end/list: page"},
	}},
	"errors": {func(o *civosim.Options) {
		o.StrictRegionCase, o.TakenNameCode = true, "database_objectstore_credential_duplicate"
		o.RefusedDeletionStatus, o.StoreGoneAfter = http.StatusInternalServerError, 5*time.Second
	}, map[string][]string{
		"StrictRegionCase": {"region-case/list credentials", "region-case/list stores"},
		"TakenNameCode":    {"credential-name-taken/create"}, "RefusedDeletionStatus": {"credential-in-use/delete"},
		"StoreGoneAfter": {"store-delete/list: not listed", "store-delete/read: not found"},
	}},
	"ready late": {func(o *civosim.Options) {
		o.ReadyAfter, o.RefusedDeletionStatus, o.StoreEndpoint = 40*time.Second, http.StatusOK, "-"
	}, map[string][]string{
		"ReadyAfter":            {"credential-create/read: has both keys", "credential-create/read: ready", "owner-generated/poll: key"},
		"RefusedDeletionStatus": {"credential-in-use/delete"}, "StoreEndpoint": {"store-endpoint/objectstore_endpoint"},
	}},
	"ready at once": {func(o *civosim.Options) { o.ReadyAfter, o.Rename, o.RequestsPerMinute = 0, strings.ToLower, 50 }, map[string][]string{
		"ReadyAfter": {
			"credential-create/create: has both keys", "credential-create/create: status", "credential-create/read: has both keys",
			"credential-create/read: ready", "owner-generated/poll: key",
		},
		"Rename": {"credential-names/upper case: name"},
		"RequestsPerMinute": {
			"rate-limit/list: has X-Ratelimit-Remaining", "rate-limit/list: has X-Ratelimit-Reset", "rate-limit/list: header X-Ratelimit-Limit",
		},
	}},
	"listed late": {func(o *civosim.Options) {
		o.PendingStatus, o.ListedAfter, o.StoreEndpoint = "pending", 3*time.Second, "https://s3.example.com"
	}, map[string][]string{
		"PendingStatus": {"credential-create/create: status", "credential-create/status until ready"},
		"ListedAfter":   {"credential-create/list: listed", "store-create/list: listed"}, "StoreEndpoint": {"store-endpoint/objectstore_endpoint"},
	}},
	"readable late": {func(o *civosim.Options) {
		o.PendingStatus, o.ReadableAfter, o.OmitOwnerCredentialID = "-", time.Second, true
	}, map[string][]string{
		"PendingStatus": {"credential-create/create: status", "credential-create/status until ready"},
		"ReadableAfter": {"credential-create/read: readable", "store-create/read: readable"},
		"OmitOwnerCredentialID": {
			"owner-key-changed/read: owner_info.credential_id", "store-owner/read: owner_info.credential_id",
		},
	}},
	"keys at once": {func(o *civosim.Options) {
		o.ShowPendingKeys, o.StoreReadyAfter, o.S3CreatesBuckets = true, 30*time.Second, true
	}, map[string][]string{
		"ShowPendingKeys": {
			"credential-create/create: has both keys", "credential-create/read: has both keys", "owner-generated/poll: key",
		},
		"StoreReadyAfter":  {"store-create/create: status", "store-create/read: ready"},
		"S3CreatesBuckets": {"s3-create-bucket/create", "s3-create-bucket/create own again"},
	}},
	"repeated names": {func(o *civosim.Options) { o.NamesRepeat, o.CredentialGoneAfter = true, 5*time.Second }, map[string][]string{
		"NamesRepeat":         {"credential-key-taken/create", "credential-key-taken/update", "credential-name-taken/create"},
		"CredentialGoneAfter": {"credential-delete/list: not listed", "credential-delete/read: not found"},
	}},
	"stale owners": {func(o *civosim.Options) { o.StaleOwnerKeys, o.StoreGoneAfter = true, time.Minute }, map[string][]string{
		"StaleOwnerKeys": {
			"owner-key-changed/read: new key", "owner-key-changed/read: owner_info.access_key_id", "owner-key-changed/read: owner_info.credential_id",
		},
		"StoreGoneAfter": {
			"store-delete/delete again", "store-delete/list: not listed", "store-delete/read: not found", "store-name-reuse/create",
		},
	}},
	"hidden owners": {func(o *civosim.Options) { o.HideOwners = true }, map[string][]string{
		"HideOwners": {
			"owner-generated/poll: key", "owner-generated/poll: owner_info.name", "owner-key-changed/read: new key",
			"owner-key-changed/read: owner_info.access_key_id", "owner-key-changed/read: owner_info.credential_id",
			"store-owner/read: owner_info.access_key_id", "store-owner/read: owner_info.credential_id", "store-owner/read: owner_info.name",
		},
	}},
}

func TestCompare(t *testing.T) {
	t.Parallel()
	defaults := map[string]Recording{}
	for _, region := range []string{"lon1", "acme-dc"} {
		defaults[region] = simulate(t, region, func(*civosim.Options) {})
	}
	for name, test := range simulators {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			region := "lon1"
			if name == "private region" {
				region = "acme-dc"
			}
			differences, _ := Compare(simulate(t, region, test.change), defaults[region])
			got := map[string][]string{}
			for _, d := range differences {
				fact := d.Question + "/" + d.Fact
				option := "unexpected: " + d.String()
				for expected, facts := range test.want {
					if slices.Contains(facts, fact) && strings.Contains(d.String(), expected) {
						option = expected
					}
				}
				got[option] = append(got[option], fact)
			}
			for _, facts := range got {
				slices.Sort(facts)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What only one recording shows is no difference.
func TestCompare_Unanswered(t *testing.T) {
	t.Parallel()
	recording := simulate(t, "lon1", func(o *civosim.Options) { o.QuotaGB = 500; o.NoObjectStore = []string{} })
	_, unanswered := Compare(recording, recording)
	want := []string{
		"region-without-object-storage: not answered in the recording: every region of the account has object storage",
		"owner-generated: not answered in the recording: an object store without an owner could not be created. The quota may not allow it",
		"owner-generated-deletion: not answered in the recording: the object store without an owner could not be created",
	}
	if diff := cmp.Diff(want, unanswered); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	recording.Answers = nil
	if differences, unanswered := Compare(recording, recording); len(differences) > 0 || len(unanswered) != len(questions) {
		t.Errorf("%d differences, %d questions not answered", len(differences), len(unanswered))
	}
}
