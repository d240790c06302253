package record

type unknown struct {
	id                                    string
	settledBy, options, simulator, client []string
}

var unknowns []unknown
