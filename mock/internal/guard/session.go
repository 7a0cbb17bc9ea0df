package guard

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
)

// maxSessionBody bounds the body that brings a token.
const maxSessionBody = 4 << 10

// session is /__admin/session, for browsers: GET says whether a token is wanted
// and whether this browser is let in, POST {"token"} gives the cookie for it, and
// DELETE takes it back.
func (g *Guard) session(w http.ResponseWriter, r *http.Request, wanted bool) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(map[string]bool{"required": wanted, "ok": !wanted || g.admits(r)}) //nolint:errchkjson // plain values; a client that has gone needs no answer
	case http.MethodPost:
		g.begin(w, r, wanted)
	case http.MethodDelete:
		if cookie, err := r.Cookie(cookieName); err == nil && g.sessions.has(g.token, cookie.Value) {
			g.sessions.end(cookie.Value)
		}
		setCookie(w, r, "", -1)
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "GET, POST, DELETE")
		refuse(w, r, http.StatusMethodNotAllowed, "/__admin/session does not take "+r.Method)
	}
}

func (g *Guard) begin(w http.ResponseWriter, r *http.Request, wanted bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSessionBody))
	if err != nil {
		refuse(w, r, http.StatusRequestEntityTooLarge, "the body is over 4 KiB, or broke off")
		return
	}
	var in struct {
		Token string `json:"token"`
	}
	switch {
	case json.Unmarshal(body, &in) != nil:
		refuse(w, r, http.StatusUnprocessableEntity, `want {"token":"…"}`)
	case !wanted:
		w.WriteHeader(http.StatusNoContent)
	case !g.isToken(in.Token):
		refuse(w, r, http.StatusUnauthorized, "that is not the admin token")
	default:
		setCookie(w, r, newCookie(g.token), 0)
		w.WriteHeader(http.StatusNoContent)
	}
}

// sessions are those that have ended: a cookie is good for whoever knows the token's mark on it, on each of several replicas and after a restart.
type sessions struct {
	mu    sync.Mutex
	ended []string
}

// maxEnded bounds how many ended sessions are remembered; beyond it the oldest are forgotten.
const maxEnded = 10_000

func (s *sessions) has(token, cookie string) bool {
	name, mark, _ := strings.Cut(cookie, ".")
	if !same(mark, markOf(token, name)) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return !slices.Contains(s.ended, cookie)
}

func (s *sessions) end(cookie string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ended) == maxEnded {
		s.ended = slices.Delete(s.ended, 0, 1)
	}
	s.ended = append(s.ended, cookie)
}

// newCookie is what a browser keeps for the token: a name of the session, and a mark that is made of the token, and is not it.
func newCookie(token string) string {
	name := rand.Text()
	return name + "." + markOf(token, name)
}

func markOf(token, name string) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("etcp-mock session " + name))
	return hex.EncodeToString(mac.Sum(nil))
}

// setCookie gives a browser the cookie, until it ends or for maxAge seconds. The mock
// speaks plain HTTP, where a Secure cookie would never come back.
func setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure where the connection is
		Name: cookieName, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}

// refuse answers as the control API does.
func refuse(w http.ResponseWriter, r *http.Request, status int, detail string) {
	problem.Refuse(w, r, problem.Fail(status, detail))
}

// quoted is a stranger's text, of bounded length.
func quoted(text string) string {
	const most = 100
	if len(text) > most {
		text = text[:most] + "…"
	}
	return strconv.QuoteToASCII(text)
}
