package credential_test

import (
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Each change that an error about conflicting arguments recommends resolves the conflict.
func TestAdvice_ConflictingArguments(t *testing.T) {
	t.Parallel()
	const (
		secret, writeOnly, wo, rotates, hidden = "secret_access_key", "secret_access_key_wo", "secret_access_key_wo_version", "rotate_when_changed", "secret_in_state"
	)
	all := acctest.Object{secret: "a", writeOnly: "b", wo: int64(1), rotates: map[string]string{"month": "1"}, hidden: false}
	d := acctest.Simulated(t, civosim.Options{}).Driver(t)
	for _, row := range []struct {
		set    []string
		advice string
		remain []string // the arguments after the recommended change
	}{
		{[]string{secret, writeOnly, wo}, "Remove secret_access_key to keep the secret out of the state", []string{writeOnly, wo}},
		{[]string{secret, writeOnly}, "or remove secret_access_key_wo to store the secret in the state", []string{secret}},
		{[]string{secret, hidden}, "Remove secret_in_state = false", []string{secret}},
		{[]string{secret, hidden}, "or supply the secret in secret_access_key_wo instead", []string{writeOnly, wo, hidden}},
		{[]string{secret, rotates}, "Remove rotate_when_changed", []string{secret}},
		{[]string{secret, rotates}, "or remove secret_access_key", []string{rotates}},
		{[]string{writeOnly, wo, rotates}, "Remove rotate_when_changed", []string{writeOnly, wo}},
		{[]string{writeOnly}, "Add secret_access_key_wo_version = 1", []string{writeOnly, wo}},
		{[]string{wo}, "Add secret_access_key_wo", []string{writeOnly, wo}},
		{[]string{wo}, "or remove secret_access_key_wo_version", nil},
	} {
		config := func(names []string) acctest.Object {
			object := acctest.Object{"name": "backups"}
			for _, name := range names {
				object[name] = all[name]
			}
			return object
		}
		diags := d.Validate(t.Context(), config(row.set))
		checkSays(t, diags, []string{"Conflicting arguments", row.advice})
		if diags := d.Validate(t.Context(), config(row.remain)); diags.Failed() {
			t.Errorf("after %q: %s", row.advice, diags)
		}
	}
}

// Each row follows a piece of advice in the message of a plan literally, and expects that it helps: the next plan is empty.
func TestAdvice_Credential(t *testing.T) {
	t.Parallel()
	one := required + credentialNamed("backups")
	const lookup = "ephemeral \"civo_objectstore_credential\" \"test\" {\n  name = \"backups\"\n}\n"
	for name, row := range map[string]struct {
		least          *version.Version // of Terraform
		config, advice string
		follow         func(*acctest.Workspace)
	}{
		"ephemeral resource in the same run: refer to the ID": {
			tfversion.Version1_10_0, one + lookup,
			"use the ID of the resource instead of name. Replace NAME with the name of the resource: id = civo_objectstore_credential.NAME.id",
			func(ws *acctest.Workspace) {
				ws.Write("main.tf", one+strings.Replace(lookup, `name = "backups"`, "id = civo_objectstore_credential.test.id", 1))
				ws.MustRun("apply", "-auto-approve")
			},
		},
		"provider not configured: target": {
			tfversion.Version1_4_0,
			one + "resource \"terraform_data\" \"region\" {\n  input = \"LON1\"\n}\nprovider \"civo\" {\n  region = terraform_data.region.output\n}\ndata \"civo_objectstore_credentials\" \"all\" {\n}\n",
			"first use -target to apply the resource that provides the value, then apply again.",
			func(ws *acctest.Workspace) {
				ws.MustRun("apply", "-auto-approve", "-target=terraform_data.region")
				ws.MustRun("apply", "-auto-approve")
				ws.MustRun("apply", "-auto-approve") // the data source lists the new credential
			},
		},
		"missing region: set the variable": {
			nil, one, "or set the environment variable CIVO_REGION",
			func(ws *acctest.Workspace) {
				ws.Setenv("CIVO_REGION", "LON1")
				ws.MustRun("apply", "-auto-approve")
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws := acctest.Simulated(t, civosim.Options{}).Workspace(t, row.config)
			if row.least != nil {
				ws.Version(row.least)
			}
			if !strings.Contains(row.config, lookup) {
				ws.Setenv("CIVO_REGION", "")
			}
			message, _ := ws.Run("plan", "-no-color")
			checkOutput(t, message, row.advice)
			row.follow(ws)
			ws.MustRun("plan", "-detailed-exitcode")
		})
	}
}

// Replacing a failed credential helps. Untainting the credential of a create with an unknown outcome keeps it. Planning again creates one
// that no longer exists.
func TestAdvice_State(t *testing.T) {
	t.Parallel()
	s, config := acctest.NewScenario(t, civosim.Options{}), acctest.Object{"name": "backups"}
	s.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: civosim.EffectAfterClose},
		civosim.Fault{Kind: civosim.KindListCredentials, Times: 100, Effect: civosim.Effect503})
	s.Refuse(config, "To keep the credential, run terraform untaint first\\.")
	s.ClearFaults()
	s.Tainted = false
	id := only(t, s.Env).ID
	s.Apply(config)
	s.Has("id", id)

	s.Drift(func(c *civosim.Credential) { c.Status = "failed" })
	_, diags := s.Run(t.Context(), s.Instance, config)
	checkSays(t, diags, []string{"eplace the credential with terraform apply -replace"})
	s.Tainted = true // as -replace does
	s.Apply(config)
	s.Has("status", "ready")

	config["access_key_id"] = "another"
	plan := s.Plan(config)
	s.RemoveCredential(s.Get("id"))
	checkSays(t, s.Driver.Apply(t.Context(), s.Instance, plan), []string{"Plan and apply again to create a new credential."})
	s.Apply(config)
	s.Has("access_key_id", only(t, s.Env).AccessKeyID)
}

func checkOutput(t *testing.T, output, want string) {
	t.Helper()
	if !strings.Contains(acctest.Words(output), want) {
		t.Fatalf("the message does not contain %q: %s", want, output)
	}
}

// Setting the region of a moved credential keeps it.
func TestAdvice_MovedRegion(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	there := w.AddCredential(civosim.Credential{Name: "backups", Region: "FRA1"})
	config := acctest.Object{"name": "backups", "region": "NYC1", "access_key_id": "another"}
	for _, region := range []string{"fra1", "NYC1"} {
		s := w.Scenario(t)
		s.Move(officialAddress, officialType, official(there, nil))
		checkSays(t, s.ApplyUnrefreshed(config), []string{`set region = "fra1". To replace the credential, plan and apply again with refresh enabled.`})
		if plan := s.Plan(config.With(acctest.Object{"region": region})); len(plan.Replaces) != 0 == (region == "fra1") {
			t.Errorf("%s: the plan replaces %v", region, plan.Replaces)
		}
	}
}

// The advice about connections helps: a certificate in SSL_CERT_FILE, and a user name and a password for the proxy.
func TestAdvice_Connection(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("other systems do not read SSL_CERT_FILE")
	}
	w := acctest.Simulated(t, civosim.Options{})
	target, err := url.Parse(w.URL())
	if err != nil {
		t.Fatal(err)
	}
	secure := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS() // its certificate is valid for 127.0.0.1 and for example.com
	t.Cleanup(secure.Close)
	proxy := httptest.NewServer(proxyTo(secure.Listener.Addr().String(), "user", "p@ss"))
	t.Cleanup(proxy.Close)

	ws := w.Workspace(t, required+"data \"civo_objectstore_credentials\" \"all\" {\n}\n")
	ws.Write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})))
	ws.Setenv("CIVO_API_URL", secure.URL)
	message, _ := ws.Run("plan", "-no-color")
	checkOutput(t, message, "set the environment variable SSL_CERT_FILE to the path of the file")
	ws.Setenv("SSL_CERT_FILE", filepath.Join(ws.Dir, "ca.pem"))
	ws.MustRun("plan")

	ws.Setenv("CIVO_API_URL", "https://example.com")
	ws.Setenv("HTTPS_PROXY", proxy.URL)
	message, _ = ws.Run("plan", "-no-color")
	checkOutput(t, message, "Set a valid user name and password in the environment variable HTTPS_PROXY, for example http://USER:PASSWORD@")
	ws.Setenv("HTTPS_PROXY", strings.Replace(proxy.URL, "//", "//user:p%40ss@", 1))
	ws.MustRun("plan")
}

// proxyTo returns a proxy that connects to one address, whatever the request names, and requires a user name and a password.
func proxyTo(address, user, password string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		login := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
		if r.Header.Get("Proxy-Authorization") != login {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		server, err := new(net.Dialer).DialContext(r.Context(), "tcp", address)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			_ = server.Close()
			return
		}
		go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
		_, _ = io.Copy(client, server)
		_ = client.Close()
	})
}
