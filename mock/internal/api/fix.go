package api

import (
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
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

// pathFix adds the endpoint that was probably meant.
func pathFix(refusal *reasons.Refusal, given string) *reasons.Refusal {
	var names []string
	for _, row := range schemas.Endpoints() {
		names = append(names, row.Name)
	}
	f, ok := inspect.Path(given, schemas.PathPrefix, names)
	if !ok {
		return refusal.Say("fix", "All paths are "+schemas.PathPrefix+" and one of "+strings.Join(names, ", ")+" (§9)", "地址都是 "+schemas.PathPrefix+" 加上接口名："+strings.Join(names, "、")+"（§9）")
	}
	return refusal.Because(f)
}
