# A merchant's client in Perl. Its one argument says which mistake it makes: pretty, twice; none for none.
use strict; use warnings; use utf8;
use Digest::MD5 qw(md5_hex); use Encode qw(encode_utf8); use HTTP::Tiny; use JSON::PP; use POSIX qw(strftime);

my $wrong = $ARGV[0];
my $json = JSON::PP->new->canonical;
my %data = (plateNumber => '渝ATX061', token => 'd970cff4');
my $text = encode_utf8($json->encode(\%data));
my $signed = $wrong eq 'pretty' ? encode_utf8($json->pretty->encode(\%data)) : $text;
my $stamp = strftime('%Y%m%d%H%M%S', gmtime(time + 8 * 3600));
my $sent = $wrong eq 'twice' ? encode_utf8($text) : $text;
$sent =~ s/([^A-Za-z0-9_.-])/sprintf('%%%02X', ord($1))/ge;
my $body = "merchant_no=M1&time_stamp=$stamp&data=$sent&sign=" . uc md5_hex($signed . $ENV{KEY} . $stamp);
my $r = HTTP::Tiny->new->post($ENV{BASE} . 'bindcar', { headers => { 'Content-Type' => 'application/x-www-form-urlencoded' }, content => $body });
print $r->{content};
