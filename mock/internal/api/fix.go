package api

import (
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// methodFix says how an endpoint is called.
func methodFix(row *schemas.Endpoint) (en, zh string) {
	if row.Method == http.MethodGet {
		return "Send the four parameters in the query.", "请把四个参数放在查询串中。"
	}
	return "Send the four parameters as application/x-www-form-urlencoded in the body.", "请把四个参数以 application/x-www-form-urlencoded 放在请求体中。"
}

// pathFix names the endpoint that was probably meant.
func pathFix(given string) (en, zh string) {
	var names []string
	for _, row := range schemas.Endpoints() {
		names = append(names, row.Name)
	}
	if f, ok := inspect.Path(given, schemas.PathPrefix, names); ok {
		return upperFirst(f.Detail), f.DetailZh
	}
	return "All paths begin with " + schemas.PathPrefix + " (§9).", "所有地址都以 " + schemas.PathPrefix + " 开头（§9）。"
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
