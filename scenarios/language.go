package scenarios

import (
	"io/fs"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/pushes"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

// Scenario is a scenario file, parsed. It is not changed once it is linked, and can be run many times at once.
type Scenario = language.Scenario

// Step is one step of a scenario.
type Step = language.Step

// Row is a row of the matrix: the variables of one case.
type Row = language.Row

// Phase is the part of a scenario a step stands in.
type Phase = language.Phase

// The phases of a case, in their order.
const (
	PhaseSetup   = language.PhaseSetup
	PhaseSteps   = language.PhaseSteps
	PhaseFinally = language.PhaseFinally
)

// Case is what is run: a scenario, or one row of its matrix.
type Case = language.Case

// Needs is what a scenario wants of its target.
type Needs = language.Needs

// Library is a set of scenarios by name. Once it is filled it is only read.
type Library = language.Library

// Judge says what is wrong with a value that a server would be sent, as JSON: what names it (sandbox, or the step). left are the pointers
// (RFC 6901) of what is computed when the scenario runs: it is left out of the value, and what is only wrong because of that is not reported.
// [Library.JudgedBy] has files held to it.
type Judge = syntax.Judge

// Judged is one thing that is wrong with a value, by its pointer (RFC 6901) into it.
type Judged = syntax.Judged

// Document is a YAML or JSON file as JSON, with the position of each value.
type Document = language.Document

// MaxFile is how large a file of scenarios may be, in bytes.
const MaxFile = language.MaxFile

// Parse reads a scenario from YAML (or JSON). Its error is [Problems]: everything that is wrong with the file, each with
// its position. Whether the scenarios it uses exist, [Scenario.Link] says; without any, Parse has checked everything.
func Parse(name string, text []byte) (*Scenario, error) { return language.Parse(name, text) }

// NewLibrary is a library whose scenarios may use those of another below it, which its own hide; nil: none.
func NewLibrary(under *Library) *Library { return language.NewLibrary(under) }

// Load reads scenarios from files and folders (*.yaml, *.yml, *.json, at any depth), over those of another library. What
// they use may also stand in a file beside theirs. What is right is loaded even where something is wrong: then the error
// is [Problems].
func Load(under *Library, paths ...string) (*Library, error) { return language.Load(under, paths...) }

// LoadFS is [Load] of a file system.
func LoadFS(under *Library, fsys fs.FS) (*Library, error) { return language.LoadFS(under, fsys) }

// ReadDocument turns a YAML (or JSON, which is YAML) file into JSON. Scalars
// keep the type that YAML 1.2 gives them; what looks like a time stays a text.
// Its error is a [*Problem], or [Problems] where several keys are there twice.
func ReadDocument(name string, text []byte) (*Document, error) {
	return language.ReadDocument(name, text)
}

// ReadFixture is [ReadDocument] for a fixture, which is judged strictly afterwards: JSON is left as it is, up to 128 MiB.
func ReadFixture(name string, text []byte) (*Document, error) {
	return language.ReadFixture(name, text)
}

// Schema is the JSON Schema of scenario files, for editors: schemas/scenario.schema.json.
func Schema() []byte { return language.Schema() }

// SchemaIn is [Schema] with its descriptions in a language, "en" or "zh".
func SchemaIn(lang string) []byte { return language.SchemaIn(lang) }

// SchemaURL is where the schema lies for files that have none beside them.
const SchemaURL = "https://raw.githubusercontent.com/etcp-mock/etcp-mock/main/schemas/scenario.schema.json"

// NameOf is a name for a scenario in a file: the file's, without folder and ending.
func NameOf(file string) string { return language.NameOf(file) }

// Slug makes of a name what files and URLs take: its letters and digits in lower case, and a dash for anything between
// them. A name without letters and digits is scenario.
func Slug(name string) string { return language.Slug(name) }

// Receiver is an [http.Handler] that takes pushes, for a runner that listens. It answers each with code 0 and keeps it; the
// kind is the last element of the path (…/unbind), or, where that is none, what the fields are those of.
type Receiver = pushes.Receiver

// Received is a push that came to a [Receiver].
type Received = pushes.Received
