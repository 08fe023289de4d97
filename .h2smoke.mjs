import http from 'node:http'; import {execFileSync} from 'node:child_process'; import {readFileSync,mkdtempSync} from 'node:fs';
import { DataPlane } from '#dataplane'; import { cluster, endpoint, route, trafficConfig } from '#traffic';
const up = http.createServer((q,s)=>{ if(q.url==='/big'){s.end(Buffer.alloc(1<<20,'x'));return} if(q.url==='/echo'){s.writeHead(200);q.pipe(s);return;} s.end('hello '+q.url);}).listen(0,'127.0.0.1');
await new Promise(r=>up.once('listening',r)); const port=up.address().port;
const d=mkdtempSync('/tmp/h2s-'); const mk=(n)=>{execFileSync('openssl',`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${n} -addext subjectAltName=DNS:${n} -keyout ${d}/${n}.key -out ${d}/${n}.pem`.split(' '),{stdio:'ignore'}); return {cert:readFileSync(`${d}/${n}.pem`,'utf8'),key:readFileSync(`${d}/${n}.key`,'utf8'),names:[n]}};
const plane=new DataPlane(); plane.apply(trafficConfig({routes:[route({id:'all'})],clusters:[cluster({id:'all',maxConnections:2000,endpoints:{kind:'static',endpoints:[endpoint({host:'127.0.0.1',port})]}})]}));
const a=await plane.listen({address:'127.0.0.1',port:+process.argv[2]}); const b=await plane.listen({address:'127.0.0.1',port:+process.argv[3],tls:[mk('a.test'),mk('b.test')]});
console.log('ready',a.port,b.port,process.memoryUsage().rss/1e6|0);
setInterval(()=>console.log('rss',process.memoryUsage().rss/1e6|0,'inflight',plane.inFlight),5000).unref();
