package mock_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// Clients in other languages make a mistake each, read what the journal says of it, and pass once they have done what its fix says.
func TestWrongClients(t *testing.T) {
	for _, client := range []struct {
		file    string
		command []string
		wrong   map[string]mistake
	}{
		{"sign.py", []string{"python3"}, map[string]mistake{
			"dumps": {"json-spaced+json-escaped-unicode", "ensure_ascii=False"}, "gbk": {"form-charset", "escape it as UTF-8"}, "dict": {"python-dict", "json.dumps"},
		}},
		{"sign.mjs", []string{"node"}, map[string]mistake{
			"raw": {"data-not-url-encoded", "%2B"}, "swapped": {"lower-case+key-stamp-swapped", "upper case"}, "length": {"content-length-in-characters", "Content-Length counts bytes"}, "object": {"unknown", "JSON.stringify"},
		}},
		{"sign.pl", []string{"perl", "-MJSON::PP", "-MHTTP::Tiny"}, map[string]mistake{"pretty": {"json-spaced", "the very text that is sent"}, "twice": {"mojibake", "UTF-8 everywhere"}}},
		{"sign.sh", []string{"sh"}, map[string]mistake{
			"echo": {"sign-padded+lower-case+trailing-newline", "printf '%s'"}, "json": {"body-json", "merchant_no=…&time_stamp=…"}, "utc": {"stamp-utc", "Asia/Shanghai"},
		}},
		{"Sign.java", []string{"java"}, map[string]mistake{"latin": {"characters-replaced", "UTF-8"}, "hashmap": {"hashmap-order", "LinkedHashMap"}, "map": {"java-map", "not map.toString()"}}},
	} {
		t.Run(client.file, func(t *testing.T) {
			for _, tool := range []string{client.command[0], map[string]string{"sign.sh": "curl"}[client.file]} {
				if _, err := exec.LookPath(tool); tool != "" && err != nil {
					t.Skip(tool + " is not installed")
				}
			}
			c := newControlled(t)
			run := func(mode string) journaled {
				args := slices.Concat(client.command[1:], []string{filepath.Join("testdata", "clients", client.file), mode})
				cmd := exec.CommandContext(t.Context(), client.command[0], args...)
				cmd.Env = append(os.Environ(), "BASE="+c.URL+"/merchant/open/1.0.0/openapi/", "KEY="+servertest.Key)
				out, err := cmd.CombinedOutput()
				require.NoError(t, err, "%s", out)
				var listed struct{ Items []journaled }
				require.NoError(t, json.Unmarshal([]byte(c.Ask(t, http.MethodGet, servertest.Default+"/requests?limit=1&order=newest", nil).Body), &listed))
				require.Len(t, listed.Items, 1)
				var entry journaled
				require.NoError(t, json.Unmarshal([]byte(c.Ask(t, http.MethodGet, servertest.Default+"/requests/"+listed.Items[0].ID, nil).Body), &entry))
				return entry
			}
			for mode, want := range client.wrong {
				entry := run(mode)
				var kinds []string
				for _, d := range entry.Diagnosis {
					kinds = append(kinds, d.Kind)
				}
				require.Equal(t, want.kinds, strings.Join(kinds, "+"), "%s: %s", mode, entry.Explanation)
				require.Contains(t, entry.Fix, want.fix, mode)
				require.NotContains(t, entry.Explanation+entry.ExplanationZh, servertest.Key)
			}
			require.Equal(t, "token-unknown", run("none").Reason, "its signature is right")
		})
	}
}

// mistake is what the journal has to say of a client's.
type mistake struct{ kinds, fix string }
