package serving

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock"
)

// nextCommands are what a person types first at a mock that runs.
var nextCommands = []struct {
	line string
	what lang.Text
}{
	{"etcp-mock call bindcar --as 13800000001 plateNumber=渝ATX061", lang.T("bind a plate", "绑定车牌")},
	{"etcp-mock enter 渝ATX061", lang.T("let the car enter", "车辆入场")},
	{"etcp-mock tail", lang.T("follow what happens", "查看正在发生的事")},
}

// welcome prints what a person at a terminal needs next: the console, a merchant with its key, three commands.
func welcome(ctx context.Context, server *mock.Server, language string, out io.Writer) {
	var rows [][2]string
	if admin := server.AdminURL(); strings.HasPrefix(admin, "http") {
		rows = append(rows, [2]string{lang.T("console", "控制台").In(language), admin + "/console/"})
	}
	token, _ := server.AdminToken()
	api := control.New("http://127.0.0.1", control.WithToken(token), control.WithHTTPClient(&http.Client{Transport: handlertransport.New(server.Handler())}))
	if found, err := api.Sandbox(control.Default).Merchants(ctx, control.Page{Limit: 1}); err == nil && len(found.Items) > 0 {
		m := found.Items[0]
		rows = append(rows, [2]string{lang.T("merchant", "商户").In(language), cli.Clean(m.No)}, [2]string{lang.T("key", "密钥").In(language), cli.Clean(m.Key)})
	}
	for _, row := range rows {
		fmt.Fprintf(out, "%s  %s\n", cli.Pad(row[0], 8), row[1])
	}
	fmt.Fprintln(out, lang.T("next, in another terminal:", "接下来，在另一个终端里：").In(language))
	for _, next := range nextCommands {
		fmt.Fprintf(out, "  %s# %s\n", cli.Pad(next.line, 62), next.what.In(language))
	}
}
