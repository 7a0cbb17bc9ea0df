package schemas

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed contract-report.schema.json
var contractReport []byte

var contractReportSchema = sync.OnceValue(func() *entry {
	node, err := decode(contractReport)
	if err != nil {
		panic("schemas: " + err.Error())
	}
	return &entry{node: node.(map[string]any), text: contractReport, schema: ready(compile("contract-report.schema", contractReport))}
})

// ContractReport is the JSON Schema of the contract runner's own reports, for
// those who read them by machine. The bytes are the caller's.
func ContractReport() []byte { return bytes.Clone(contractReport) }

// ValidateContractReport judges a report of the contract runner. It returns a
// [*ValidationError].
func ValidateContractReport(text []byte) error {
	return contractReportSchema().validate("contract-report", text)
}
