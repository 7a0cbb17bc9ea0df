// Package docs_test holds the documentation to what the project does.
package docs_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/sign"
)

const root = ".."

func readme(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	return string(text)
}

var (
	heading  = regexp.MustCompile(`(?m)^(#+) `)
	block    = regexp.MustCompile("(?s)(?:<!-- ([^\n]*) -->\n)?```(\\w+)\n(.*?)```\n")
	remark   = regexp.MustCompile(`(?m)(^| +)(#|// ).*$`)
	tableRow = regexp.MustCompile(`(?m)^\|`)
	record   = regexp.MustCompile(`(?m)^\*\*\d+\.`)
)

// stripped is a block without what is told to the reader in a language.
func stripped(text string) string { return remark.ReplaceAllString(text, "") }

// A page in Chinese has the headings, the commands and the code of its English one, as many rows of tables, the same numbered records, and
// names the same tests.
func TestPages_inStep(t *testing.T) {
	pairs := map[string]string{"README.zh-CN.md": "README.md"}
	found, err := filepath.Glob("zh-CN/*.md")
	require.NoError(t, err)
	for _, name := range found {
		pairs[filepath.Join("docs", name)] = filepath.Join("docs", filepath.Base(name))
	}
	require.Greater(t, len(pairs), 1)
	for chinese, english := range pairs {
		inStep(t, readme(t, english), readme(t, chinese), chinese)
	}
}

func inStep(t *testing.T, english, chinese, name string) {
	t.Helper()
	levels := func(text string) (out []string) {
		for _, m := range heading.FindAllStringSubmatch(block.ReplaceAllString(text, ""), -1) {
			out = append(out, m[1])
		}
		return out
	}
	require.Equal(t, levels(english), levels(chinese), name)
	blocks := func(text string) (out []string) {
		for _, m := range block.FindAllStringSubmatch(text, -1) {
			if m[2] != "text" {
				mark, _, _ := strings.Cut(m[1], ":")
				out = append(out, mark+"\n"+m[2]+"\n"+stripped(m[3]))
			}
		}
		return out
	}
	require.Equal(t, blocks(english), blocks(chinese), name)
	require.Len(t, tableRow.FindAllString(chinese, -1), len(tableRow.FindAllString(english, -1)), name)
	for _, same := range []*regexp.Regexp{record, namesTest} {
		require.Equal(t, same.FindAllString(english, -1), same.FindAllString(chinese, -1), name)
	}
}

// The README's Go is a test that runs.
func TestReadme_go(t *testing.T) {
	found := false
	for _, m := range block.FindAllStringSubmatch(readme(t, "README.md"), -1) {
		if file, ok := strings.CutPrefix(m[1], "go: "); ok {
			found = true
			require.Contains(t, readme(t, file), m[3])
		}
	}
	require.True(t, found)
}

const readmeFixture = `{"clock": "2017-08-20 12:00:00",
	"merchants": [{"no": "demo", "key": "demo-key"}],
	"parkings": [{"id": "1", "name": "ETCP 智慧停车场", "city": "重庆市", "lat": "29.563", "lon": "106.551",
		"tariff": {"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}}],
	"users": [{"phone": "13900000002", "plates": [{"plateNumber": "渝B757D0", "merchantNo": "demo", "since": "2017-08-01 09:30:00"}]}]}`

// The explanations that the READMEs show are those that the mock gives, but for the lines they are cut into.
func TestReadme_explanations(t *testing.T) {
	server, err := mock.New(mock.WithSeed(7), mock.WithFixture([]byte(readmeFixture)))
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	defer func() { require.NoError(t, server.Close(context.Background())) }()
	ctx := t.Context()
	platform, sandbox := client.New(server.URL(), "demo", "demo-key"), control.New(server.URL()).Sandbox(control.Default)

	const stripped, stamp = `{"parkingId":"1"}`, "20170820120000"
	_, err = platform.Send(ctx, client.Request{
		Endpoint: client.EndpointParkingStatus, RawData: `{"parkingId": "1"}`, TimeStamp: stamp, Sign: sign.Request(stripped, "demo-key", stamp),
	})
	require.NoError(t, err)
	token, err := platform.UserSignin(ctx, client.Signin{MobilePhone: "13800000001", AppID: "my-app"})
	require.NoError(t, err)
	require.ErrorIs(t, platform.BindCar(ctx, client.Binding{Token: token, PlateNumber: "渝B757D0"}), client.ErrBoundByOther)
	require.NoError(t, platform.BindCar(ctx, client.Binding{Token: token, PlateNumber: "渝ATX061"}))
	_, err = sandbox.Enter(ctx, control.Entry{PlateNumber: "渝ATX061", ParkingID: "1"})
	require.NoError(t, err)
	clock, err := sandbox.AdvanceBy(ctx, "90m")
	require.NoError(t, err)
	owed, err := platform.OrderUnpay(ctx, client.UnpayQuery{Token: token, PlateNumber: "渝ATX061"})
	require.NoError(t, err)
	_, err = platform.OrderPaid(ctx, client.Payment{
		Token: token, OrderID: owed[0].OrderID, ExternalOrderID: "E1", Payment: 8 * client.Yuan, PayTime: clock.Now,
		VerificationInfo: owed[0].VerificationInfo,
	})
	require.ErrorIs(t, err, client.ErrWrongAmount)

	entries, err := sandbox.Requests(ctx, control.RequestFilter{}, control.Page{})
	require.NoError(t, err)
	unbroken := func(text string) string { return strings.Join(strings.Fields(text), "") }
	refused := slices.DeleteFunc(entries.Items, func(q control.Request) bool { return q.Code == 0 })
	require.Len(t, refused, 3)
	for _, q := range refused {
		require.Contains(t, unbroken(readme(t, "README.md")), unbroken(strings.TrimSuffix(strings.TrimSuffix(q.Explanation, "."), q.Fix)), "%s", q.Explanation+" / "+q.Fix+" / "+q.ExplanationZh+" / "+q.FixZh)
		require.NotEmpty(t, q.Fix)
		require.Contains(t, unbroken(readme(t, "README.zh-CN.md")), unbroken(strings.TrimSuffix(strings.TrimSuffix(q.ExplanationZh, "。"), q.FixZh)), "%s\n%s", q.ExplanationZh, q.FixZh)
		require.NotEmpty(t, q.FixZh)
	}
}
