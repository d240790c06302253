package credential_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The tests in this file search for a secret in all files that the installed Terraform and the built binary leave on the disk.

// planAndApply creates a plan file and applies it. It also saves Terraform's output of the plan and of the state, and the full
// log of Terraform and the provider.
func planAndApply(ws *acctest.Workspace, plan string) {
	ws.Setenv("TF_LOG", "TRACE")
	ws.Setenv("TF_LOG_PATH", filepath.Join(ws.Dir, "log"))
	ws.MustRun("plan", "-no-color", "-out="+plan)
	ws.Write(plan+".json", ws.MustRun("show", "-json", plan))
	ws.Write(plan+".txt", ws.MustRun("show", "-no-color", plan))
	ws.Write(plan+".applied", ws.MustRun("apply", "-no-color", plan))
	ws.Write("state.json", ws.MustRun("show", "-json"))
}

// holders returns the names of the files under a directory that contain a text. For a plan file, which is a ZIP archive, it
// includes the names of the entries.
func holders(t *testing.T, dir, text string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path) //nolint:gosec // of the test's own directory
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		for part, content := range parts(t, name, data) {
			if bytes.Contains(content, []byte(text)) {
				found = append(found, part)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// parts returns a file, and its entries if it is an archive.
func parts(t *testing.T, name string, data []byte) map[string][]byte {
	t.Helper()
	all := map[string][]byte{name: data}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return all
	}
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[name+"!"+file.Name], err = io.ReadAll(content); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// checkHolders checks which files under a directory contain a text.
func checkHolders(t *testing.T, dir, text string, want ...string) {
	t.Helper()
	if found := holders(t, dir, text); !slices.Equal(found, want) {
		t.Errorf("%q is in %q, not in %q", text, found, want)
	}
}

func TestSecretOnDisk_NotKept(t *testing.T) {
	t.Parallel()
	const generation = "variable \"generation\" {\n  type = number\n}\n"
	for what, config := range map[string]string{
		"secret_access_key_wo": generation + "variable \"secret\" {\n  type = string\n  ephemeral = true\n}\n" +
			credentialNamed("some-name", "secret_access_key_wo = var.secret", "secret_access_key_wo_version = var.generation"),
		"secret_in_state = false": generation +
			credentialNamed("some-name", "secret_in_state = false", "rotate_when_changed = { generation = var.generation }"),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			ws := w.Workspace(t, required+config)
			ws.Version(tfversion.Version1_11_0)
			var secrets []string
			for _, generation := range []string{"1", "2"} {
				ws.Setenv("TF_VAR_generation", generation)
				ws.Setenv("TF_VAR_secret", "write-only-secret-"+generation)
				planAndApply(ws, "plan-"+generation)
				secret := only(t, w).SecretAccessKey
				if what == "secret_access_key_wo" && secret != "write-only-secret-"+generation {
					t.Fatalf("Civo has %q in generation %s", secret, generation)
				}
				secrets = append(secrets, secret)
			}
			if secrets[0] == secrets[1] {
				t.Fatal("the second apply did not change the secret")
			}
			for _, hidden := range append(secrets, w.Token(), "write-only-secret-") {
				checkHolders(t, ws.Dir, hidden)
			}
		})
	}
}

// A secret that is kept is in the state, and in the plan that changes it. A user who decides later not to keep it finds it only in what
// holds the previous state.
func TestSecretOnDisk_Kept(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+credentialNamed("some-name", `rotate_when_changed = { generation = 1 }`))
	planAndApply(ws, "plan-1")
	first := only(t, w)
	ws.Write("main.tf", required+credentialNamed("some-name", `rotate_when_changed = { generation = 2 }`))
	planAndApply(ws, "plan-2")
	second := only(t, w)
	previous := []string{"plan-2!tfplan", "plan-2!tfstate", "plan-2!tfstate-prev", "plan-2.json", "terraform.tfstate.backup"}
	checkHolders(t, ws.Dir, first.SecretAccessKey, previous...)
	checkHolders(t, ws.Dir, second.SecretAccessKey, "state.json", "terraform.tfstate")
	checkHolders(t, ws.Dir, "/v2/objectstore/credentials/"+first.ID, "log") // text in the provider's log is found too

	ws.Write("main.tf", required+credentialNamed("some-name", "secret_in_state = false", `rotate_when_changed = { generation = 2 }`))
	planAndApply(ws, "plan-3")
	checkHolders(t, ws.Dir, second.SecretAccessKey, "plan-3!tfplan", "plan-3!tfstate", "plan-3!tfstate-prev", "plan-3.json", "terraform.tfstate.backup")
}
