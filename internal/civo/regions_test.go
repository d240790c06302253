package civo_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// regionsOf returns the codes of the regions that an error lists.
func regionsOf(err error) []string {
	e, ok := errors.AsType[*civo.Error](err)
	if !ok {
		return nil
	}
	var codes []string
	for _, region := range e.Regions {
		codes = append(codes, region.Code)
	}
	return codes
}

func TestRegion_InEachRequest(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	for _, region := range []string{"lon1", "LON1", "Lon1"} {
		server.ResetRecord()
		for operation, got := range everyRegion(t, client, region) {
			if got != region {
				t.Errorf("%s: in %q, want %q", operation, got, region)
			}
		}
		for _, r := range server.Requests() {
			want, query := region, "region="+region
			if r.Kind == civosim.KindListRegions {
				want, query = "", ""
			}
			if r.Region != want || !strings.Contains(r.Query, query) || want == "" && r.Query != "" {
				t.Errorf("%s %s?%s, region %q, want %q", r.Method, r.Path, r.Query, r.Region, want)
			}
		}
	}
}

// everyRegion runs every operation in a region and returns the region of what each returns.
func everyRegion(tb testing.TB, client *civo.Client, region string) map[string]string {
	tb.Helper()
	var created, read, updated, found civo.Credential
	var all []civo.Credential
	for _, operation := range []func() error{
		func() (err error) {
			created, err = client.CreateCredential(tb.Context(), keyed("", region, wanted(region)))
			return err
		},
		func() (err error) { read, err = client.Credentials(region).Get(tb.Context(), created.ID); return err },
		func() (err error) {
			updated, err = client.UpdateCredential(tb.Context(), keyed(created.ID, region, wanted("new")))
			return err
		},
		func() (err error) { all, err = client.Credentials(region).All(tb.Context()); return err },
		func() (err error) {
			found, err = client.Credentials(region).Find(tb.Context(), civo.By(region, civo.FieldName))
			return err
		},
		func() error { return client.Credentials(region).CheckRegion(tb.Context()) },
		func() error { return client.DeleteCredential(tb.Context(), created) },
	} {
		if err := operation(); err != nil {
			tb.Fatal(err)
		}
	}
	return map[string]string{"create": created.Region, "read": read.Region, "update": updated.Region, "list": all[0].Region, "find": found.Region}
}

// A Civo API that accepts its regions only in lower case works with lower-case codes; codes of other forms are sent unchanged.
func TestRegion_Spelling(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options civosim.Options
		region  string
		want    string // kind of the error; "": none
	}{
		"strict, lower case":    {civosim.Options{StrictRegionCase: true}, "lon1", ""},
		"strict, upper case":    {civosim.Options{StrictRegionCase: true}, "LON1", unknownRegion},
		"either, upper case":    {civosim.Options{}, "LON1", ""},
		"private":               {civosim.Options{Regions: []string{"acme-dc"}}, "acme-dc", ""},
		"private, upper case":   {civosim.Options{Regions: []string{"TEST1"}, StrictRegionCase: true}, "TEST1", ""},
		"private, without mark": {civosim.Options{Regions: []string{"FAKE"}}, "fake", ""},
		"unknown":               {civosim.Options{}, "LON9", unknownRegion},
		"without storage":       {civosim.Options{}, "PHX1", noObjectStorage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, test.options)
			want := wanted("n")
			want.Region = test.region
			created, err := client.CreateCredential(t.Context(), want)
			if test.want == "" {
				if err != nil || created.Region != test.region || len(server.Credentials("")) != 1 {
					t.Errorf("created %+v: %v", created, err)
				}
				return
			}
			wantError(t, err, test.want)
			if diff := cmp.Diff([]string{"lon1", "fra1", "nyc1", "mum1", "phx1"}, regionsOf(err)); diff != "" {
				t.Errorf("regions that the error lists (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRegion_Required(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	for _, region := range []string{"", "a b", "a/b", "a&b", "..", strings.Repeat("a", 65)} {
		want := wanted("n")
		want.Region = region
		if _, err := client.CreateCredential(t.Context(), want); err == nil {
			t.Errorf("%q: no error", region)
		}
		if _, err := client.Credentials(region).All(t.Context()); err == nil {
			t.Errorf("%q: no error", region)
		}
	}
	if n := server.Count(civosim.KindCreateCredential, civosim.KindListCredentials); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// An unknown or unavailable region proves nothing about a credential, not even after a DELETE.
func TestRegion_DownIsNoAbsence(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		down func(*civosim.Server, civosim.Request) bool
		run  func(context.Context, *civo.Client, civo.Credential) error
	}{
		"read": {nil, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			_, err := client.Credentials("LON1").Get(ctx, there.ID)
			return err
		}},
		"find": {nil, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			_, err := client.Credentials("LON1").Find(ctx, civo.By(there.Name, civo.FieldName))
			return err
		}},
		"update": {nil, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			_, err := client.UpdateCredential(ctx, keyed(there.ID, "LON1", wanted("new")))
			return err
		}},
		"delete": {nil, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			return client.DeleteCredential(ctx, there)
		}},
		"delete, down after the DELETE": {func(_ *civosim.Server, r civosim.Request) bool {
			return r.Kind == civosim.KindDeleteCredential
		}, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			return client.DeleteCredential(ctx, there)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var server *civosim.Server
			server, client := start(t, civosim.Options{CredentialGoneAfter: time.Hour, OnRequest: func(r civosim.Request) {
				if test.down != nil && test.down(server, r) {
					server.SetRegionDown("lon1", true)
				}
			}})
			there := add(server, 1)[0]
			if test.down == nil {
				server.SetRegionDown("lon1", true)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			wantError(t, test.run(ctx, client, there), unknownRegion, "database_region_not_found")
		})
	}
}
