# Mistakes made with Ruby 3.1's Net::HTTP: hash, body.
require 'digest'
require 'json'
require 'net/http'

d = { 'token' => 'd970cff4-3811', 'plateNumber' => '渝ATX061', 'plateColor' => '1' }
sign = Digest::MD5.hexdigest(d.to_json + ENV['KEY'] + ENV['STAMP']).upcase
form = { 'merchant_no' => 'M1', 'time_stamp' => ENV['STAMP'], 'data' => d.to_json, 'sign' => sign }
uri = URI(ENV['BASE'] + 'bindcar')
case ARGV[0]
when 'hash' then Net::HTTP.post_form(uri, form.merge('data' => d.to_s)) # the printed Hash
when 'array' then Net::HTTP.post_form(uri, form.merge('data' => d.keys)) # data comes three times
when 'body' then Net::HTTP.get(URI(ENV['BASE'] + 'carnum?' + URI.encode_www_form(form.transform_keys { |k| k.delete('_') }))) # merchantno
end
