// What the tests must know about the installed AWS CLI.

package acctest

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// AWSReadsEndpoint reports whether the installed AWS CLI reads AWS_ENDPOINT_URL_S3. Versions before 2.13 and 1.29 need the option
// --endpoint-url: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func AWSReadsEndpoint(t *testing.T) bool {
	t.Helper()
	installed, err := awsVersion()
	if err != nil {
		t.Fatal(err)
	}
	least := "1.29"
	if installed.Segments()[0] > 1 {
		least = "2.13"
	}
	return installed.GreaterThanOrEqual(version.Must(version.NewVersion(least)))
}

// awsVersion runs the AWS CLI once for all tests of a package, because a start takes a second.
var awsVersion = sync.OnceValues(func() (*version.Version, error) {
	printed, err := exec.CommandContext(context.Background(), "aws", "--version").CombinedOutput()
	found := regexp.MustCompile(`aws-cli/(\S+)`).FindSubmatch(printed)
	if err != nil {
		return nil, fmt.Errorf("aws --version: %w\n%s", err, printed)
	}
	if found == nil {
		return nil, fmt.Errorf("aws --version: %s", printed)
	}
	return version.NewVersion(string(found[1]))
})
