// The words that a recording may contain.

package record

import (
	"strings"
	"sync"
)

// words are the words of the API's fields, codes and error texts, of S3, and of HTTP. None of them is likely to be a secret or a name.
// Letter case does not matter. To see a word that a recording replaces, add it here and record again.
const words = `
a about above accept accepted access account accounts action active add after again alive all allow allowed already
also always an and any api application are argument arguments array as ask at attribute auth authenticate
authenticated authentication authorization available bad balance be because bearer been before being between block
body boolean both bucket buckets busy but by bytes call called can cannot capacity case change changed changes
character characters charset check choose class client close closed cluster code codes com complete completed
condition conditions configuration configure conflict conflicting contact contain contained containing contains
content contents copy cors could count country create created creates creating creation credential credentials current
currently customer customers data database date day days decode default delete deleted deletes deleting deletion
denied deprecated description detail details did different digit digits disabled do does domain done due duplicate
duplicated during each edge eight either element empty enable enabled encode encoding end endpoint enough entity entry
error errors exceed exceeded exceeds exist existing exists expected expires expose exposed external fail failed
failing fails failure false feature features field fields find first for forbidden form format found free from gateway
gb generate generated get given go good got greater had has have header headers hello helper host hour hours html http
https i id identifier if in inactive incorrect info information instance insufficient integer internal into invalid is
issue it item items its json just kb key keys kind last later least left length less letter letters lifecycle like
limit limits line list location lock long longer lower lowercase made malformed manager many marshal match matched
matches max maximum may mb message metadata method min minimum minute minutes missing moment more most multiple must
name named names need needs network never new next no node none not nothing null num number numbers object objects
objectstore objectstores of off offer offered ok old on once one only open operation operations or order other our out
outside over own owned owner owners owns page pages parameter parameters parse part parts pass path payload pending
per perform performed permission permissions permitted plain plan please policy positive post present prevent previous
problem process processed processing proper property protocol provide provided provisioned put query quota quotas
raise range rate reach reached read ready reason received record records refused region regions rejected remaining
remove removed request requested requests require required requires reserved reset resource resources response result
results retry right rule rules s same scheme second seconds secret see select selected send sent server servers
service services set setting settings short should show shut signature since size sizes so some something sorry space
spaces specified specify start state stats status still stop storage store stores string strings subscription success
successful successfully such suffix supplied support supported supports suspended syntax system t take taken
temporarily temporary text than that the their them then there these they this those three time timeout times to token
too total trailing true try two type unable unauthorized unavailable undefined under unexpected unique unit unknown
unmarshal unprocessable unsupported until up update updated updating uppercase upstream url usage use used user users
uses using utf-8 utilised v2 valid validate validation value values verify version versioning via wait want was we
well were what when where whether which while who will with within without word words work write wrong xml yes yet you
your zero zone

access_denied inuse enabled suspended expiration days prefix sha256 md5 amz aws crc32 checksum signed unsigned
streaming trailer trailers aws-chunked application octet-stream text-plain us-east-1 urlencoded tagging
x-amz-checksum-crc32 x-amz-content-sha256 amazonaws streaming-unsigned-payload-trailer x-amz-trailer content-md5
content-length content-type if-none-match transfer-encoding accesscontrol allowedmethod allowedorigin
corsconfiguration corsrule lifecycleconfiguration listbucketresult versioningconfiguration hostid requestid bucketname
isTruncated maxkeys keycount xmlns doc 2006-03-01 s3 initiatemultipartuploadresult uploadid rule filter encoding
upload uploads uploaded multipart owner displayname etag storageclass standard marker delimiter contents accessdenied
bucketalreadyexists bucketalreadyownedbyyou invalidaccesskeyid signaturedoesnotmatch nosuchbucket nosuchkey
nosuchupload preconditionfailed xamzcontentsha256mismatch missingcontentlength methodnotallowed notimplemented
invalidargument invalidbucketname invalidlocationconstraint malformedxml entitytoosmall quotaexceeded usersuspended
invaliddigest baddigest nosuchcorsconfiguration nosuchlifecycleconfiguration toomanybuckets requesttimetooskewed
slowdown serviceunavailable internalerror invalidrequest badrequest invalidtoken ncontentsha256 allowed fetching body
doctype head title center hr h1 h2 p br div span meta lang en post delete options patch max-age bytes none close
keep-alive gzip chunked normal

nginx openresty envoy istio-envoy cloudflare apache caddy haproxy traefik minio amazons3 varnish kong awselb cowboy
puma ceph rgw pacific quincy reef squid tentacle octopus nautilus civetweb beast express passenger phusion gunicorn
uvicorn kestrel

civo civostack default code country_name out_of_capacity iaas kubernetes k3s talos instances volumes volume network
networks compute kube kfcluster pool firewall loadbalancer load balancer database databases app apps ip ips vpc cni
gpu public private premium product products tenancy dedicated multi-tenant openstack objectstorage bucket_url max_size
owner_info created_at updated_at deleted_at timestamp generation
`

var allowedWords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[strings.ToLower(word)] = true
	}
	return set
})

func isWord(word string) bool { return allowedWords()[strings.ToLower(word)] }
