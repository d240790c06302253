package civosim_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func listedIDs(list object) []string {
	ids := make([]string, len(list.items()))
	for i, item := range list.items() {
		ids[i] = item.text("id")
	}
	return ids
}

func idsOf(list []civosim.Credential) []string {
	ids := make([]string, len(list))
	for i, credential := range list {
		ids[i] = credential.ID
	}
	return ids
}

func TestPaging(t *testing.T) {
	t.Parallel()
	small := civosim.Options{PageCap: 50, PageSize: 10}
	for name, test := range map[string]struct {
		options                            civosim.Options
		query                              string
		page, perPage, pages, first, items int
	}{
		"default size":          {civosim.Options{}, "", 1, 20, 6, 0, 20},
		"last page":             {civosim.Options{}, "&page=6", 6, 20, 6, 100, 1},
		"no cap":                {civosim.Options{}, "&page=1&per_page=10000", 1, 10000, 1, 0, 101},
		"no cap at all":         {civosim.Options{}, "&per_page=9223372036854775807", 1, 9223372036854775807, 1, 0, 101},
		"past the end":          {civosim.Options{}, "&page=7", 1, 20, 6, 0, 20},
		"far past the end":      {civosim.Options{}, "&page=9223372036854775807&per_page=100", 1, 100, 2, 0, 100},
		"past the end of one":   {civosim.Options{}, "&page=2&per_page=101", 1, 101, 1, 0, 101},
		"empty past the end":    {civosim.Options{EmptyPagePastEnd: true}, "&page=7", 7, 20, 6, 0, 0},
		"option, within":        {civosim.Options{EmptyPagePastEnd: true}, "&page=6", 6, 20, 6, 100, 1},
		"other default size":    {small, "", 1, 10, 11, 0, 10},
		"second page":           {small, "&page=2", 2, 10, 11, 10, 10},
		"zeros":                 {small, "&page=0&per_page=0", 1, 10, 11, 0, 10},
		"negative":              {small, "&page=-1&per_page=-5", 1, 10, 11, 0, 10},
		"words":                 {small, "&page=one&per_page=two", 1, 10, 11, 0, 10},
		"at the cap":            {small, "&page=3&per_page=50", 3, 50, 3, 100, 1},
		"over the cap":          {small, "&page=3&per_page=100", 3, 50, 3, 100, 1},
		"over the cap and past": {small, "&page=4&per_page=100", 1, 50, 3, 0, 50},
		"one per page":          {small, "&page=101&per_page=1", 101, 1, 101, 100, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, test.options)
			for range 101 {
				server.AddCredential(civosim.Credential{})
			}
			server.AddCredential(civosim.Credential{Region: "fra1"})
			got := c.ok(http.MethodGet, credentialsPath+"?region=lon1"+test.query, "")
			want := object{"page": float64(test.page), "per_page": float64(test.perPage), "pages": float64(test.pages), "items": got["items"]}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			wantIDs := idsOf(server.Credentials("lon1")[test.first : test.first+test.items])
			if diff := cmp.Diff(wantIDs, listedIDs(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPaging_EmptyList(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{})
	for _, query := range []string{"", "?page=2", "?per_page=1"} {
		got := c.ok(http.MethodGet, storesPath+query, "")
		want := object{"page": 1.0, "per_page": got["per_page"], "pages": 1.0, "items": []any{}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}
}

func TestPaging_ManyCredentials(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	const many = 10_000
	for range many {
		server.AddCredential(civosim.Credential{})
	}
	var ids []string
	for number := 1; number <= many/100; number++ {
		list := c.ok(http.MethodGet, fmt.Sprintf("%s?per_page=100&page=%d", credentialsPath, number), "")
		ids = append(ids, listedIDs(list)...)
	}
	slices.Sort(ids)
	if unique := slices.Compact(ids); len(unique) != many {
		t.Errorf("%d different credentials on all pages", len(unique))
	}
	for _, id := range ids {
		server.RemoveCredential(id)
	}
	if n := len(server.Credentials("")); n != 0 {
		t.Errorf("%d left", n)
	}
}
