package api

import (
	"net/http"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/schemas"
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
	meant := suggest.Nearest(given, names)
	if meant == "" {
		return "All paths begin with " + schemas.PathPrefix + " (§9).", "所有地址都以 " + schemas.PathPrefix + " 开头（§9）。"
	}
	path := schemas.PathPrefix + meant
	return "Did you mean " + path + "?", "是否想用 " + path + "？"
}
