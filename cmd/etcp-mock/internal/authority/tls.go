// Package authority makes and keeps the certificates of serve --tls, and says whom this machine's clients trust.
package authority

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
)

// How long the generated authority and a certificate of it are good. The latter is made anew at each start; over 825 days some
// systems refuse one.
const (
	authorityYears = 10
	leafDays       = 397
)

// authority signs the certificates of serve --tls. It is made once and kept, so that it has to be trusted once only.
type authority struct {
	cert *x509.Certificate
	pem  []byte
	key  *ecdsa.PrivateKey
}

// authorityDir is where the authority is kept, and nothing else.
func authorityDir(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", cli.Errorf("no place to keep the authority: %w; name one with --ca-dir", err)
	}
	return filepath.Join(dir, "etcp-mock"), nil
}

// loadAuthority reads the authority, or makes it, for some names beside those that are of no use outside.
func loadAuthority(dir string, names ...string) (*authority, error) {
	if info, err := os.Stat(dir); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return nil, cli.Errorf("others can write the authority's folder %s (mode %04o) and put another there; name one that is yours alone with --ca-dir", dir, info.Mode().Perm())
	}
	certPEM, err := cli.ReadFound(filepath.Join(dir, "ca.pem"), cli.MostOfFile)
	if errors.Is(err, fs.ErrNotExist) {
		return makeAuthority(dir, names)
	}
	if err != nil {
		return nil, err
	}
	keyFile := filepath.Join(dir, "ca-key.pem")
	if info, err := os.Stat(keyFile); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		return nil, cli.Errorf("others can write the authority's key %s (mode %04o): it may not be yours any more; remove %s to have a new one", keyFile, info.Mode().Perm(), dir)
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "ca.pem"), keyFile)
	if err != nil {
		return nil, cli.Errorf("%w; remove %s to have a new authority", err, dir)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || !pair.Leaf.IsCA {
		return nil, cli.Errorf("%s does not hold an authority that etcp-mock made", dir)
	}
	if time.Now().After(pair.Leaf.NotAfter) {
		return nil, cli.Errorf("the authority expired at %s; remove %s to have a new one", pair.Leaf.NotAfter.Format(time.DateOnly), dir)
	}
	return &authority{pair.Leaf, certPEM, key}, nil
}

// localNames and localNetworks are what the authority may sign for: whoever trusts it need not fear for any other place, should its key leak.
var (
	localNames    = []string{"localhost", "test", "local", "internal", "home.arpa"}
	localNetworks = []string{
		"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10",
	}
)

// constrain has a certificate of an authority say what it may sign for (RFC 5280, 4.2.1.10).
func constrain(template *x509.Certificate, names []string) error {
	template.PermittedDNSDomainsCritical = true
	template.PermittedDNSDomains = slices.Clone(localNames)
	for _, text := range localNetworks {
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return err
		}
		template.PermittedIPRanges = append(template.PermittedIPRanges, network)
	}
	if name, err := os.Hostname(); err == nil {
		names = append(slices.Clone(names), name)
	}
	for _, name := range names {
		ip := net.ParseIP(name)
		switch {
		case name == "" || ip != nil && ip.IsUnspecified():
		case ip != nil:
			bits := 128
			if four := ip.To4(); four != nil {
				ip, bits = four, 32
			}
			template.PermittedIPRanges = append(template.PermittedIPRanges, &net.IPNet{IP: ip, Mask: net.CIDRMask(bits, bits)})
		default:
			template.PermittedDNSDomains = append(template.PermittedDNSDomains, strings.ToLower(name))
		}
	}
	return nil
}

func makeAuthority(dir string, names []string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "etcp-mock local authority", Organization: []string{"etcp-mock"}},
		NotAfter:              time.Now().AddDate(authorityYears, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
	}
	if err := constrain(template, names); err != nil {
		return nil, err
	}
	der, err := signed(template, template, key, key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	made := &authority{cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), key}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	ctx := context.Background() // these are no pipes to wait at
	// The key first: where the certificate is, its key is too.
	if err := atomicfile.WriteBytes(ctx, filepath.Join(dir, "ca-key.pem"), 0o600, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})); err != nil {
		return nil, err
	}
	if err := atomicfile.WriteBytes(ctx, filepath.Join(dir, "ca.pem"), 0o644, made.pem); err != nil {
		return nil, err
	}
	return made, nil
}

// signed makes a certificate that is good from an hour ago, for clocks that disagree.
func signed(template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template.SerialNumber, template.NotBefore = serial, time.Now().Add(-time.Hour)
	return x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
}

// certificate is one for the loopback names and some others.
func (a *authority) certificate(names ...string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "etcp-mock"},
		NotAfter:    time.Now().AddDate(0, 0, leafDays),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	for _, name := range names {
		ip := net.ParseIP(name)
		switch {
		case name == "" || ip != nil && ip.IsUnspecified():
		case ip != nil:
			template.IPAddresses = append(template.IPAddresses, ip)
		default:
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := signed(template, a.cert, key, a.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, err
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(a.cert)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: trusted}); err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key}, nil
}

// about names the flag before what is the matter with the folder that it names, or the authority itself where it names none.
func about(named string, err error) error {
	if named != "" {
		return cli.Errorf("--ca-dir: %w", err)
	}
	return cli.Errorf("authority: %w", err)
}

// Flags say whether serve speaks HTTPS, and as whom.
type Flags struct {
	generated        bool
	cert, key, caDir string
	Names            []string // beside the loopback ones
}

// Register adds the flags.
func (f *Flags) Register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.generated, "tls", false, "serve HTTPS with a certificate of a generated authority, which etcp-mock ca prints")
	cmd.Flags().StringVar(&f.cert, "tls-cert", "", "serve HTTPS with the certificate in this PEM `file`")
	cmd.Flags().StringVar(&f.key, "tls-key", "", "PEM `file` of the certificate's key")
	cmd.Flags().StringVar(&f.caDir, "ca-dir", "", "`folder` of the generated authority (default: etcp-mock in the user's configuration)")
}

// Config is nil where HTTPS is not asked for.
func (f *Flags) Config() (*tls.Config, error) {
	if (f.cert == "") != (f.key == "") {
		return nil, cli.Usagef("--tls-cert and --tls-key go together")
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	switch {
	case f.cert != "":
		pair, err := tls.LoadX509KeyPair(f.cert, f.key)
		if err != nil {
			return nil, cli.Usagef("--tls-cert and --tls-key: %v", err)
		}
		config.Certificates = []tls.Certificate{pair}
	case f.generated:
		dir, err := authorityDir(f.caDir)
		if err != nil {
			return nil, err
		}
		a, err := loadAuthority(dir, f.Names...)
		if err != nil {
			return nil, about(f.caDir, err)
		}
		leaf, err := a.certificate(f.Names...)
		if err != nil {
			return nil, about(f.caDir, cli.Errorf("the authority may not sign for all of %s: %w; remove %s to have a new one that may", f.Names, err, dir))
		}
		config.Certificates = []tls.Certificate{leaf}
	default:
		return nil, nil //nolint:nilnil // plain HTTP
	}
	return config, nil
}

// NewCommand is the command ca.
func NewCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "ca", Short: "Print the authority of serve --tls, for your client to trust", Args: cli.NoArgs,
		Long: "Print the certificate of the authority that signs for serve --tls, and make one where there is none yet. It is made on this\n" +
			"machine and its key stays there, readable by its owner. Trust it in your tests, not in your system.",
		Example: "  etcp-mock ca > etcp-mock-ca.pem\n  curl --cacert etcp-mock-ca.pem https://127.0.0.1:8787/healthz",
		RunE: func(cmd *cobra.Command, _ []string) error {
			place, err := authorityDir(dir)
			if err != nil {
				return err
			}
			a, err := loadAuthority(place)
			if err != nil {
				return about(dir, err)
			}
			_, err = cmd.OutOrStdout().Write(a.pem)
			return err
		},
	}
	cmd.Flags().StringVar(&dir, "ca-dir", "", "`folder` of the authority (default: etcp-mock in the user's configuration)")
	return cmd
}

// Roots are whom a client of this machine trusts: the system's, those of a file, else the generated one where there is one.
func Roots(file string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // some systems have none
	}
	named := file != ""
	if !named {
		dir, err := authorityDir("")
		if err != nil {
			return pool, nil //nolint:nilerr // no place, no authority
		}
		file = filepath.Join(dir, "ca.pem")
	}
	read := cli.ReadFound
	if named {
		read = cli.ReadFile
	}
	text, err := read(file, cli.MostOfFile)
	switch {
	case err != nil && !named:
		return pool, nil //nolint:nilerr // none was made
	case err != nil:
		return nil, cli.Usagef("--cacert: %w", err)
	case !pool.AppendCertsFromPEM(text) && named:
		return nil, cli.Usagef("--cacert: %s holds no certificate in PEM", file)
	}
	return pool, nil
}
