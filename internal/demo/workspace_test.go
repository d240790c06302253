package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
)

func TestCLIConfigInstallsFromTheMirrorAlone(t *testing.T) {
	t.Parallel()
	const want = `provider_installation {
  filesystem_mirror {
    path    = "/a \"b\"/mirror"
    include = ["registry.terraform.io/seed-0e51fd2b/civo"]
  }
}
`
	if got := cliConfig(`/a "b"/mirror`); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCopyConfigurationLeavesStatesBehind(t *testing.T) {
	t.Parallel()
	to := t.TempDir()
	err := copyConfiguration(to, fstest.MapFS{
		"main.tf":                 {Data: []byte("# main\n")},
		"outputs.tf":              {Data: []byte("# outputs\n")},
		"terraform.tfstate":       {Data: []byte("{}")},
		".terraform.lock.hcl":     {Data: []byte("")},
		".terraform/modules/a.tf": {Data: []byte("")},
	})
	if err != nil {
		t.Fatal(err)
	}

	entries, err := os.ReadDir(to)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, 0, len(entries))
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if want := []string{"main.tf", "outputs.tf"}; !slices.Equal(got, want) {
		t.Errorf("copied %q, want %q", got, want)
	}
}

func TestCopyConfigurationOfAnEmptyDirectoryFails(t *testing.T) {
	t.Parallel()
	if err := copyConfiguration(t.TempDir(), fstest.MapFS{}); err == nil {
		t.Error("nothing to apply, and no error")
	}
}

func TestWorkspaceIsPrivateAndGoesAway(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	room, err := newWorkspace(t.Context(), parent)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(room.dir)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o700 {
		t.Errorf("others can look into the directory: mode %o", mode)
	}
	if _, err := os.Stat(filepath.Join(room.root, "go.mod")); err != nil {
		t.Errorf("%s is not the project's directory", room.root)
	}
	if err := room.remove(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(parent); len(left) > 0 {
		t.Errorf("%s is left", left[0])
	}
}

func TestTerraformEnvDropsTheUsersSettings(t *testing.T) {
	t.Parallel()
	got := terraformEnv(
		[]string{"PATH=/bin", "EMPTY=", "TF_DATA_DIR=/elsewhere", "TF_VAR_name=other", "TF_LOG=TRACE", "CIVO_TOKEN=mine"},
		map[string]string{"CIVO_TOKEN": "demo"}, map[string]string{"TF_CLI_CONFIG_FILE": "/demo.tfrc"},
	)
	want := map[string]string{"PATH": "/bin", "EMPTY": "", "CIVO_TOKEN": "demo", "TF_CLI_CONFIG_FILE": "/demo.tfrc"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
