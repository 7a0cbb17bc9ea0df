package schemas

// Param is one business parameter of an endpoint, in the document's order.
type Param struct {
	Name     string
	Required bool
	Form     Form
	// Mixed says that the document's own examples send it both as string and
	// as number, so that neither deserves a lint.
	Mixed bool
}

// Form names the grammar a parameter's text must have (docs/protocol.md, Parameters). The
// platform holds the grammars, the table only says which applies.
type Form string

// The forms, each with its section in the document.
const (
	FormText       Form = "text"       // any text that is not empty
	FormKeptText   Form = "keptText"   // text of 1 to 64 characters, for it is kept (docs/protocol.md, Parameters)
	FormPhone      Form = "phone"      // ^1[3-9][0-9]{9}$ (§9.1)
	FormPlate      Form = "plate"      // §9.4
	FormPlateColor Form = "plateColor" // 1 blue, 2 black, 3 yellow, 4 white (§9.4)
	FormPayment    Form = "payment"    // plain decimal > 0, at most two places, yuan (§9.8)
	FormTime       Form = "time"       // yyyy-MM-dd HH:mm:ss, Asia/Shanghai (§9.8)
	FormVIN        Form = "vin"        // 17 upper-case characters without I, O, Q (§9.9)
	FormLatitude   Form = "latitude"   // plain decimal, -90 to 90, BD-09 (§9.10)
	FormLongitude  Form = "longitude"  // plain decimal, -180 to 180, BD-09 (§9.10)
	FormRadius     Form = "radius"     // integer metres, 500 to 5000 (§9.10)
	FormPayType    Form = "payType"    // 1 (§9.10)
)

// Endpoint is one row of §9: what a call is named, how it is sent, what it
// takes and which codes it can answer.
type Endpoint struct {
	Name    string // the last element of the path
	Method  string // GET or POST
	Section string // "§9.1"
	Title   string // the document's own title
	Does    string // what it does, in English
	Token   bool   // takes a token (check 10)
	Writes  bool   // changes state
	Params  []Param
	// Either lists groups of parameters of which one must be complete: the
	// first group of which any member is present is the one meant (§9.10).
	Either [][]string
	// Alone names a parameter that, where present, makes all others ignored
	// (the scrollId of §9.10).
	Alone string
	// Codes are the codes of §11 the endpoint answers to honest traffic, apart
	// from those of the envelope, which every endpoint answers.
	Codes []int
	// CodesByRule are the codes it answers beyond these where a rule is set to
	// something else than its default.
	CodesByRule []int
}

// Push is one row of §10.
type Push struct {
	Kind    string // entry, exit, unbind, certification-invalid
	Section string
	Title   string   // the document's own title
	Does    string   // what it says, in English
	Fields  []string // in the order that is signed, without signment
}

// Code is one row of §11.
type Code struct {
	Code    int
	Name    string // Go-ish name: "TimestampExpired"
	Message string // on the wire, byte for byte
}
