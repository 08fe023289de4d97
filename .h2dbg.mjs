import net from 'node:net'; import h2 from 'node:http2';
import { DataPlane } from '#dataplane'; import { cluster, endpoint, route, trafficConfig } from '#traffic';
const up=net.createServer(s=>s.on('data',d=>{console.log(JSON.stringify(String(d)).slice(0,60));s.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n')})).listen(0,'127.0.0.1'); await new Promise(r=>up.once('listening',r));
const plane=new DataPlane(); plane.apply(trafficConfig({routes:[route({id:'all'})],clusters:[cluster({id:'all',endpoints:{kind:'static',endpoints:[endpoint({host:'127.0.0.1',port:up.address().port})]}})]}));
const a=await plane.listen({address:'127.0.0.1',port:0});
const c=h2.connect('http://127.0.0.1:'+a.port); c.on('error',console.log);
for (const i of [1,2]){ const r=c.request({':method':'HEAD'},{endStream:true}); r.on('response',h=>console.log(h[':status'])); r.on('data',()=>{}); r.on('error',console.log); await new Promise(d=>{r.on('close',()=>{console.log('close',r.rstCode);d()})});}
process.exit()
