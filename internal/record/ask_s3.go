// Questions about S3.

package record

import (
	"context"
	"crypto/md5" //nolint:gosec // S3 requires it for some requests
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
)

// s3 returns a request for the bucket of the store, or for what a path in it and subresources select.
func (s *Session) s3(method, path string, subresources ...string) call {
	query := url.Values{}
	for i := 0; i+1 < len(subresources); i += 2 {
		query.Set(subresources[i], subresources[i+1])
	}
	return call{method: method, path: "/" + s.store.name + path, query: query, keys: s.owner.keys, isS3: true}
}

// needS3 returns an error unless there are a bucket and keys for it.
func (s *Session) needS3() error {
	switch {
	case s.owner == nil, s.store == nil:
		return errNoStore
	case s.config.ObjectStoreEndpoint == "", s.owner.keys.SecretAccessKey == "":
		return skip("Civo returned no endpoint or no keys for the object store")
	}
	return nil
}

func askS3Server(ctx context.Context, s *Session) error {
	if err := s.needS3(); err != nil {
		return err
	}
	wrong := s.s3(http.MethodGet, "")
	wrong.keys.AccessKeyID, wrong.keys.SecretAccessKey = s.key("unknown-s3"), s.secret("unknown-s3")
	return firstOf(s.send(ctx, "list objects", s.s3(http.MethodGet, "")).err, s.send(ctx, "unsigned", wrong).err)
}

// object is the content of the objects that a run stores. kilobyte objects have one size in kB, however it is rounded.
const object = "hello"

func (s *Session) putObject(ctx context.Context, step, path string, headers map[string]string) reply {
	put := s.s3(http.MethodPut, path)
	put.body, put.headers = raw(object), headers
	return s.send(ctx, step, put)
}

func askUsageObject(ctx context.Context, s *Session) error {
	if err := s.needS3(); err != nil {
		return err
	}
	if r := s.putObject(ctx, "put object", "/object", nil); !r.ok() {
		return r.err
	}
	return s.polled(ctx, moderately(), func() bool {
		return s.get(ctx, "stats", s.store.url()+"/stats").number("num_objects") == 1
	})
}

var uploadID = regexp.MustCompile(`<UploadId>([^<]+)</UploadId>`)

func askUsageUpload(ctx context.Context, s *Session) error {
	if err := s.needS3(); err != nil {
		return err
	}
	begun := s.send(ctx, "begin upload", s.s3(http.MethodPost, "/upload", "uploads", ""))
	found := uploadID.FindSubmatch(begun.body)
	if begun.err != nil || found == nil {
		return firstOf(begun.err, skip("the upload could not be started"))
	}
	id := string(found[1])
	part := s.s3(http.MethodPut, "/upload", "partNumber", "1", "uploadId", id)
	part.body = raw(object)
	if r := s.send(ctx, "put part", part); !r.ok() {
		return r.err
	}
	err := s.polled(ctx, moderately(), func() bool {
		return s.get(ctx, "stats", s.store.url()+"/stats").number("num_objects") > 1
	})
	s.send(ctx, "abort upload", s.s3(http.MethodDelete, "/upload", "uploadId", id))
	return err
}

// lastObjects is the number of objects in the latest usage.
func lastObjects(a Answer) string {
	if r, ok := a.last("put part"); !ok || r.Status >= 300 {
		return ""
	}
	return field("stats", "num_objects").of(a)
}

func askConditionalWrite(ctx context.Context, s *Session) error {
	if err := s.needS3(); err != nil {
		return err
	}
	condition := map[string]string{"If-None-Match": "*"}
	return firstOf(
		s.putObject(ctx, "first", "/lock", condition).err,
		s.putObject(ctx, "second", "/lock", condition).err,
	)
}

func askUnsignedTrailer(ctx context.Context, s *Session) error {
	if err := s.needS3(); err != nil {
		return err
	}
	put := s.s3(http.MethodPut, "/trailer")
	put.body = raw("5\r\n" + object + "\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")
	put.headers = map[string]string{
		"Content-Encoding": "aws-chunked", "X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
		"X-Amz-Trailer": "x-amz-checksum-crc32", "X-Amz-Decoded-Content-Length": "5",
	}
	return s.send(ctx, "put", put).err
}

func askCreateBucket(ctx context.Context, s *Session) error {
	if err := s.needS3(); err != nil {
		return err
	}
	name := s.name("bucket")
	create := s.s3(http.MethodPut, "")
	create.path = "/" + name
	r := s.send(ctx, "create", create)
	if r.err != nil || r.ok() {
		s.lost = s.config.Clock.Now() // the API may list the bucket as an object store, in a while
		remove := create
		remove.method = http.MethodDelete
		s.send(ctx, "", remove)
		found, _ := s.find(ctx, storesPath, name)
		s.records = append(s.records, found...)
	}
	return firstOf(r.err, s.send(ctx, "create own again", s.s3(http.MethodPut, "")).err)
}

// putConfiguration writes and reads a configuration of the bucket.
func (s *Session) putConfiguration(ctx context.Context, subresource, text string) error {
	if err := s.needS3(); err != nil {
		return err
	}
	sum := md5.Sum([]byte(text)) //nolint:gosec // as above
	put := s.s3(http.MethodPut, "", subresource, "")
	put.body, put.headers = raw(text), map[string]string{"Content-Md5": base64.StdEncoding.EncodeToString(sum[:])}
	return firstOf(s.send(ctx, "put", put).err, s.send(ctx, "get", s.s3(http.MethodGet, "", subresource, "")).err)
}

func askCORS(ctx context.Context, s *Session) error {
	return s.putConfiguration(ctx, "cors", "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>"+
		"<AllowedOrigin>https://example.com</AllowedOrigin></CORSRule></CORSConfiguration>")
}

func askLifecycle(ctx context.Context, s *Session) error {
	return s.putConfiguration(ctx, "lifecycle", "<LifecycleConfiguration><Rule><ID>expire</ID><Filter><Prefix>expired/</Prefix></Filter>"+
		"<Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule></LifecycleConfiguration>")
}

func askVersioning(ctx context.Context, s *Session) error {
	return s.putConfiguration(ctx, "versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
}
