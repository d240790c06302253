package civo

import "testing"

// A type of record that does not belong to object storage can be in any region.
func TestRecordType_Regions(t *testing.T) {
	t.Parallel()
	without := Region{Code: "PHX1", Features: map[string]bool{"object_store": false}}
	if (recordType{inObjectStorage: true}).isIn(without) {
		t.Error("a region without object storage has records of object storage")
	}
	if !(recordType{}).isIn(without) {
		t.Error("a region without object storage has no other records")
	}
}
