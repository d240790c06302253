package record

import (
	"errors"
	"io"
	"net/http"
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
	path := t.TempDir() + "/recording.json"
	writeErr := recording.Write(path)
	written, readErr := Read(path)
	if err := errors.Join(err, writeErr, readErr); err != nil {
		t.Fatal(err)
	}
	return written
}

// simulators are simulators with changed defaults, and the number of facts in which their recordings differ from one with the defaults, by
// the option that must be named.
var simulators = map[string]struct {
	change func(*civosim.Options)
	want   map[string]int
}{
	"private region": {func(o *civosim.Options) { o.Regions = []string{"acme-dc", "phx1"} }, nil},
	"options that change no fact": {func(o *civosim.Options) {
		o.Token, o.StoreEndpoint, o.RateLimit, o.RetryAfter = "another", "objectstore.{region}.civo.com", 2, true
	}, nil},
	"options that prevent answers": {func(o *civosim.Options) { o.NoObjectStore, o.QuotaGB = []string{}, 500 }, nil},
	"lists": {func(o *civosim.Options) {
		o.Regions, o.PageSize, o.PageCap, o.EmptyPagePastEnd = []string{"LON1", "phx1"}, 50, 100, true
	}, map[string]int{"Regions": 1, "PageSize": 1, "PageCap": 1, "EmptyPagePastEnd": 2}},
	"errors": {func(o *civosim.Options) {
		o.StrictRegionCase, o.TakenNameCode = true, "database_objectstore_credential_duplicate"
		o.RefusedDeletionStatus, o.StoreGoneAfter = http.StatusInternalServerError, 5*time.Second
	}, map[string]int{"StrictRegionCase": 2, "TakenNameCode": 1, "RefusedDeletionStatus": 1, "StoreGoneAfter": 2}},
	"ready late": {func(o *civosim.Options) {
		o.ReadyAfter, o.RefusedDeletionStatus, o.StoreEndpoint = 40*time.Second, http.StatusOK, "-"
	}, map[string]int{"ReadyAfter": 3, "RefusedDeletionStatus": 1, "StoreEndpoint": 1}},
	"ready at once": {func(o *civosim.Options) {
		o.ReadyAfter, o.Rename, o.RequestsPerMinute = 0, strings.ToLower, 50
	}, map[string]int{"ReadyAfter": 5, "Rename": 1, "RequestsPerMinute": 3}},
	"listed late": {func(o *civosim.Options) {
		o.PendingStatus, o.ListedAfter, o.StoreEndpoint = "pending", 3*time.Second, "https://s3.example.com"
	}, map[string]int{"PendingStatus": 2, "ListedAfter": 2, "StoreEndpoint": 1}},
	"readable late": {func(o *civosim.Options) {
		o.PendingStatus, o.ReadableAfter, o.OmitOwnerCredentialID = "-", time.Second, true
	}, map[string]int{"PendingStatus": 2, "ReadableAfter": 2, "OmitOwnerCredentialID": 2}},
	"keys at once": {func(o *civosim.Options) {
		o.ShowPendingKeys, o.StoreReadyAfter, o.S3CreatesBuckets = true, 30*time.Second, true
	}, map[string]int{"ShowPendingKeys": 3, "StoreReadyAfter": 2, "S3CreatesBuckets": 2}},
	"repeated names": {func(o *civosim.Options) {
		o.NamesRepeat, o.CredentialGoneAfter = true, 5*time.Second
	}, map[string]int{"NamesRepeat": 3, "CredentialGoneAfter": 2}},
	"stale owners": {func(o *civosim.Options) {
		o.StaleOwnerKeys, o.StoreGoneAfter = true, time.Minute
	}, map[string]int{"StaleOwnerKeys": 3, "StoreGoneAfter": 4}},
	"hidden owners": {func(o *civosim.Options) { o.HideOwners = true }, map[string]int{"HideOwners": 8}},
}

func TestCompare(t *testing.T) {
	t.Parallel()
	unchanged := func(*civosim.Options) {}
	defaults := map[string]Recording{"lon1": simulate(t, "lon1", unchanged), "acme-dc": simulate(t, "acme-dc", unchanged)}
	for name, test := range simulators {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			region := "lon1"
			if name == "private region" {
				region = "acme-dc"
			}
			differences, _ := Compare(simulate(t, region, test.change), defaults[region])
			got := map[string]int{}
			for _, difference := range differences {
				named := difference.String()
				for option := range test.want {
					if strings.Contains(difference.Unknown.advice(), option) {
						named = option
					}
				}
				got[named]++
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("-want +got:\n%s%v", diff, differences)
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
	if differences, unanswered := Compare(Recording{}, recording); len(differences) > 0 || len(unanswered) != len(questions) {
		t.Errorf("%d differences, %d questions not answered", len(differences), len(unanswered))
	}
}
