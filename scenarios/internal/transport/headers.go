package transport

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Mistyped is what is wrong with the content type of an answer (§3): it is JSON, in UTF-8 where it says in what.
func Mistyped(header http.Header) string {
	given := header.Get("Content-Type")
	kind, params, err := mime.ParseMediaType(given)
	charset, named := params["charset"]
	if err != nil || kind != "application/json" || named && !strings.EqualFold(charset, "utf-8") {
		return fmt.Sprintf("want Content-Type application/json;charset=UTF-8, got %q", given)
	}
	return ""
}

// Unallowed is what is wrong with the header Allow of an answer to a wrong method where one is wanted (§3).
func Unallowed(want string, header http.Header) string {
	var methods []string
	for _, line := range header.Values("Allow") {
		for m := range strings.SplitSeq(line, ",") {
			methods = append(methods, strings.TrimSpace(m))
		}
	}
	both := slices.Contains(methods, http.MethodGet) && slices.Contains(methods, http.MethodPost) // no endpoint takes both
	if slices.Contains(methods, want) && !both {
		return ""
	}
	return fmt.Sprintf("want Allow: %s, got %q", want, strings.Join(methods, ", "))
}
