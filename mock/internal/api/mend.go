package api

import (
	"net/http"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// methodMend says how an endpoint is called.
func methodMend(row *schemas.Endpoint) (en, zh string) {
	if row.Method == http.MethodGet {
		return "Send the four parameters in the query.", "请把四个参数放在查询串中。"
	}
	return "Send the four parameters as application/x-www-form-urlencoded in the body.", "请把四个参数以 application/x-www-form-urlencoded 放在请求体中。"
}

// pathMend names the endpoint that was probably meant.
func pathMend(given string) (en, zh string) {
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

// stampMend knows the other ways to write an instant.
func stampMend(stamp string) (en, zh string) {
	digits := true
	for _, r := range stamp {
		digits = digits && r >= '0' && r <= '9'
	}
	switch {
	case digits && len(stamp) == 10:
		return "It looks like Unix seconds.", "看起来是 Unix 时间戳（秒）。"
	case digits && len(stamp) == 13:
		return "It looks like Unix milliseconds.", "看起来是 Unix 时间戳（毫秒）。"
	case digits && len(stamp) == 14:
		return "It has the right length, but there is no such day or time.", "长度正确，但没有这样的日期或时间。"
	case len(stamp) >= 19 && stamp[4] == '-':
		return "Leave out everything but the digits.", "请只保留数字。"
	default:
		return "An example: 20170721132452.", "例如：20170721132452。"
	}
}
