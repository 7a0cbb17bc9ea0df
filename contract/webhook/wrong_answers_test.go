package webhook_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// writes answers in a form of its own.
func writes(contentType, format string) func() http.Handler {
	return func() http.Handler {
		return merchant{answer: func(w http.ResponseWriter, code int, message string) {
			w.Header().Set("Content-Type", contentType)
			fmt.Fprintf(w, format, code, message)
		}}
	}
}

// Merchants that are wrong in how they answer.
var wrongAnswers = map[string]wrong{
	"answers the text \"0\"": {
		func() http.Handler {
			return merchant{answer: func(w http.ResponseWriter, code int, message string) {
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(map[string]any{"code": json.Number(string(rune('0' + code))).String(), "message": message})
			}}
		},
		[]string{"control-right-push"},
	},
	"answers without a message": {
		func() http.Handler {
			return merchant{answer: func(w http.ResponseWriter, code int, _ string) {
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(map[string]any{"code": code})
			}}
		},
		[]string{"answer-message", "answer-refusal"},
	},
	"answers an empty message": {writes("application/json", `{"code":%d,"message":"","text":%q}`), []string{"answer-message-empty"}},
	"refuses with an empty message": {func() http.Handler {
		return answering(func(w http.ResponseWriter, code int, message string) {
			if code != 0 {
				message = ""
			}
			writeJSON(w, http.StatusOK, plain(code, message))
		})
	}, []string{"answer-refusal"}},
	"compresses unasked": {func() http.Handler {
		return answering(func(w http.ResponseWriter, code int, message string) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, plain(code, message))
			_ = z.Close()
		})
	}, []string{"control-right-push"}},
	"says with which key": {func() http.Handler {
		return answering(func(w http.ResponseWriter, code int, message string) {
			if code != 0 {
				message = "not the MD5 of " + merchantNo + "…" + merchantKey
			}
			writeJSON(w, http.StatusOK, plain(code, message))
		})
	}, []string{"key-in-answer"}},
	"has the key in a header": {func() http.Handler {
		return answering(func(w http.ResponseWriter, code int, message string) {
			w.Header().Set("X-Debug", "key="+merchantKey)
			writeJSON(w, http.StatusOK, plain(code, message))
		})
	}, []string{"key-in-answer"}},
	"answers 0.0":               {writes("application/json", `{"code":%d.0,"message":%q}`), []string{"answer-code-integer"}},
	"answers as plain text":     {writes("text/plain", `{"code":%d,"message":%q}`), []string{"answer-content-type"}},
	"answers in GBK":            {writes("application/json", `{"code":%d,"message":%q,"memo":"`+"\xd3\xe5"+`"}`), []string{"answer-utf-8"}},
	"answers more than JSON":    {writes("application/json", `{"code":%d,"message":%q}<!-- page -->`), []string{"control-right-push"}},
	"answers a message of null": {writes("application/json", `{"code":%d,"message":null,"reason":%q}`), []string{"answer-message", "answer-refusal"}},
	"refuses with a bare page": {func() http.Handler {
		return merchant{answer: func(w http.ResponseWriter, code int, message string) {
			w.Header().Set("Content-Type", "application/json")
			if code != 0 {
				w.WriteHeader(http.StatusForbidden)
				_, _ = io.WriteString(w, "forbidden")
				return
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "message": message})
		}}
	}, []string{"answer-refusal"}},
}
