package schemas_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// documentExamples are the examples of the platform's document, by file name:
// <section>.<kind>.<endpoint or push>.json.
func documentExamples(tb testing.TB) map[string][]byte {
	tb.Helper()
	names, err := filepath.Glob("testdata/document/*.json")
	if err != nil {
		tb.Fatal(err)
	}
	all := make(map[string][]byte, len(names))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = text
	}
	return all
}

// exampleOf splits "9.2.2.request.userlogin" into its section, kind and name.
func exampleOf(file string) (section, kind, name string) {
	parts := strings.SplitN(file, ".", 5)
	if len(parts) == 5 {
		name = parts[4]
	}
	return strings.Join(parts[:3], "."), parts[3], name
}

func judge(kind, name string, text []byte) error {
	switch kind {
	case schemas.KindRequest:
		return schemas.ValidateRequest(name, text)
	case schemas.KindAnswer:
		return schemas.ValidateAnswer(name, text)
	case schemas.KindPush:
		return schemas.ValidatePush(name, text)
	default:
		return schemas.ValidatePushAnswer(text)
	}
}

func TestSchemas_takeEveryExampleOfTheDocument(t *testing.T) {
	for file, text := range documentExamples(t) {
		t.Run(file, func(t *testing.T) {
			_, kind, name := exampleOf(file)
			if err := judge(kind, name, text); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDocumentExamples_coverEveryEndpointAndPush(t *testing.T) {
	found := make(map[string]bool)
	for file := range documentExamples(t) {
		section, kind, name := exampleOf(file)
		found["§"+section[:strings.LastIndexByte(section, '.')]+" "+kind+" "+name] = true
	}
	for _, e := range schemas.Endpoints() {
		for _, kind := range []string{schemas.KindRequest, schemas.KindAnswer} {
			if want := e.Section + " " + kind + " " + e.Name; !found[want] {
				t.Errorf("no example of %s", want)
			}
		}
	}
	for _, p := range schemas.Pushes() {
		for _, want := range []string{p.Section + " push " + p.Kind, p.Section + " push-answer "} {
			if !found[want] {
				t.Errorf("no example of %s", want)
			}
		}
	}
}

// The document's own signatures in §10.3.2 and §10.4.2 have letters beyond F;
// an MD5 in hexadecimal cannot (§6). testdata/document/README.md tells more.
func TestSchemas_refuseTheDocumentsSignaturesThatAreNotHexadecimal(t *testing.T) {
	for kind, signment := range map[string]string{
		schemas.PushUnbind:               "DB64914QDSC94EC34DB57B94D86AE9TR",
		schemas.PushCertificationInvalid: "DB64939OPSC94EC34DB57B94D87UJ0LM",
	} {
		body := `{"plateNumber":"渝ATX061","time":"2017-08-20 11:57:51","signment":"` + signment + `"}`
		wantProblems(t, schemas.ValidatePush(kind, []byte(body)), `/signment: "`+signment+`" is no signature`)
	}
}
