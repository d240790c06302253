package credential_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// checkNowhere checks that no file under a directory contains one of the texts.
func checkNowhere(t *testing.T, dir string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if found := holders(t, dir, text); len(found) > 0 {
			t.Errorf("%q is in %q", text, found)
		}
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
			checkNowhere(t, ws.Dir, append(secrets, w.Token(), "write-only-secret-")...)
		})
	}
}

func TestSecretOnDisk_Kept(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+credentialNamed("some-name", `rotate_when_changed = { generation = 1 }`))
	planAndApply(ws, "plan-1")
	first := only(t, w)
	ws.Write("main.tf", required+credentialNamed("some-name", `rotate_when_changed = { generation = 2 }`))
	planAndApply(ws, "plan-2")
	second := only(t, w)

	for secret, want := range map[string][]string{
		first.SecretAccessKey:  {"plan-2!tfplan", "plan-2!tfstate", "plan-2!tfstate-prev", "plan-2.json", "terraform.tfstate.backup"},
		second.SecretAccessKey: {"state.json", "terraform.tfstate"},
	} {
		if found := holders(t, ws.Dir, secret); !slices.Equal(found, want) {
			t.Errorf("the secret is found in %q, not in %q", found, want)
		}
	}
	// Text in the provider's log is found too.
	if found := holders(t, ws.Dir, "/v2/objectstore/credentials/"+first.ID); !slices.Equal(found, []string{"log"}) {
		t.Errorf("the requests are found in %q, not in the log", found)
	}
}

// A user decides later not to keep the secret: from then on, it is not written. The backup and the plan file still contain it,
// because they hold the previous state.
func TestSecretOnDisk_RemovedFromState(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+credentialNamed("some-name"))
	planAndApply(ws, "plan-1")
	ws.Write("main.tf", required+credentialNamed("some-name", "secret_in_state = false"))
	planAndApply(ws, "plan-2")
	for _, file := range []string{"plan-1", "plan-2"} {
		if err := os.Remove(filepath.Join(ws.Dir, file)); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(ws.Dir, file+".json")); err != nil {
			t.Fatal(err)
		}
	}
	if found := holders(t, ws.Dir, only(t, w).SecretAccessKey); strings.Join(found, " ") != "terraform.tfstate.backup" {
		t.Errorf("the secret is found in %q, not in the backup alone", found)
	}
}
