package schemas

import (
	"bytes"
	_ "embed"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed contract-report.schema.json
var contractReport []byte

var contractReportSchema = sync.OnceValue(func() entry {
	node, err := decode(contractReport)
	if err != nil {
		panic("schemas: " + err.Error())
	}
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	const where = "etcp:///contract-report.schema.json"
	if err := c.AddResource(where, bytes.NewReader(contractReport)); err != nil {
		panic("schemas: " + err.Error())
	}
	return entry{node: node.(map[string]any), text: contractReport, schema: c.MustCompile(where)}
})

// ContractReport is the JSON Schema of the contract runner's own reports, for
// those who read them by machine. The bytes are the caller's.
func ContractReport() []byte { return bytes.Clone(contractReport) }

// ValidateContractReport judges a report of the contract runner. It returns a
// [*ValidationError].
func ValidateContractReport(text []byte) error {
	return contractReportSchema().validate("contract-report", text)
}
